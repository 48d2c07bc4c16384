"""Dockerfiles for Ruby: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.ruby import Ruby
from rewrite.recipes.goldens import project, written


def test_gems_for_development_are_left_out(tmp_path: Path) -> None:
    """Bundler is told the same in both stages; the libraries of gems are installed."""
    before = """\
FROM ruby:3.3
# What the gems are built with
RUN apt-get update -qq && apt-get install -y build-essential libpq-dev nodejs
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
COPY . .
ENV RAILS_ENV=production
RUN bundle exec rake assets:precompile
LABEL team=web
EXPOSE 3000
CMD bundle exec puma -C config/puma.rb
"""
    after = """\
FROM ruby:3.3 AS build
# What the gems are built with
RUN apt-get update -qq && apt-get install -y build-essential libpq-dev nodejs
WORKDIR /app
COPY Gemfile Gemfile.lock ./
ENV BUNDLE_WITHOUT=development:test
RUN bundle install
COPY . .
ENV RAILS_ENV=production
RUN bundle exec rake assets:precompile
RUN rm -f /usr/local/bundle/cache/*.gem /usr/local/bundle/ruby/*/cache/*.gem
RUN rm -rf /app/spec

FROM ruby:3.3-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      libpq5 \\
 && rm -rf /var/lib/apt/lists/*
ENV BUNDLE_WITHOUT="development:test"
ENV RAILS_ENV=production
LABEL team=web
WORKDIR /app
COPY --from=build /app /app
COPY --from=build /usr/local/bundle /usr/local/bundle
EXPOSE 3000
CMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]
"""
    of = project(
        tmp_path,
        before,
        {
            "Gemfile": "gem 'rails'\ngem 'pg'\ngroup :development, :test do\n  gem 'rspec'\nend\n",
            "Gemfile.lock": "GEM\n  specs:\n    pg (1.5.4)\n",
            "config/puma.rb": "",
            "spec/a_spec.rb": "",
        },
    )
    assert written(Ruby(), of)["ruby:3.3-slim"] == after


def test_gems_in_the_programs_directory_go_with_it(tmp_path: Path) -> None:
    """A path of Bundler's own is among the program's files."""
    before = """\
FROM ruby:3.3-slim
RUN apt-get update && apt-get install -y gcc make
WORKDIR /srv
COPY . .
RUN bundle config set path vendor/bundle && bundle install --without development
USER 1000
CMD ["bundle", "exec", "ruby", "app.rb"]
"""
    after = """\
FROM ruby:3.3-slim AS build
RUN apt-get update && apt-get install -y gcc make
WORKDIR /srv
COPY . .
RUN bundle config set path vendor/bundle && bundle install --without development
RUN rm -f /usr/local/bundle/cache/*.gem /usr/local/bundle/ruby/*/cache/*.gem

FROM ruby:3.3-slim
WORKDIR /srv
COPY --from=build /srv /srv
COPY --from=build /usr/local/bundle /usr/local/bundle
USER 1000
CMD ["bundle", "exec", "ruby", "app.rb"]
"""
    of = project(tmp_path, before, {"Gemfile": "gem 'sinatra'\n", "app.rb": ""})
    assert written(Ruby(), of)["ruby:3.3-slim"] == after


def test_gems_of_the_distribution_are_installed_again(tmp_path: Path) -> None:
    """Without what others recommend, and without compilers."""
    before = """\
FROM ruby:3.1
RUN apt-get update && apt-get install -y build-essential ruby-sinatra imagemagick
COPY app.rb /srv/app.rb
WORKDIR /srv
ENTRYPOINT ["ruby", "app.rb"]
"""
    after = """\
FROM ruby:3.1 AS build
RUN apt-get update && apt-get install -y build-essential ruby-sinatra imagemagick
COPY app.rb /srv/app.rb
WORKDIR /srv

FROM ruby:3.1-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      imagemagick \\
      ruby-sinatra \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv
COPY --from=build /srv /srv
ENTRYPOINT ["ruby", "app.rb"]
"""
    of = project(tmp_path, before, {"app.rb": "puts `identify picture.png`\n"})
    assert written(Ruby(), of)["ruby:3.1-slim"] == after
