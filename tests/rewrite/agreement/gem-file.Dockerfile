FROM ruby:3.3
RUN gem install ./thing-1.0.gem
USER 1000
