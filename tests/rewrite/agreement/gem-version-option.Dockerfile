FROM ruby:3.3
RUN gem install bundler --version 2.5.11 && gem i rake -v 13.2.1
USER 1000
