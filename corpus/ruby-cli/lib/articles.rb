# frozen_string_literal: true

require 'nokogiri'

class Gazette
  # The articles of this issue.
  module Articles
    FILE = File.expand_path('../data/articles.html', __dir__)

    def self.titles
      Nokogiri::HTML(File.read(FILE), nil, 'windows-1250').css('article h2').map { |title| title.text.strip }
    end
  end
end
