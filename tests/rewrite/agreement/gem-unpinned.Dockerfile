FROM ruby:3.3
RUN gem install bundler
USER 1000
