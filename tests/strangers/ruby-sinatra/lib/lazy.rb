module Lazy
  def self.text = "required late"
end
