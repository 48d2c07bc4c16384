"""Dockerfiles for PHP: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.php import Php
from rewrite.recipes.goldens import project, written


def test_apache_stays_and_what_was_built_is_copied(tmp_path: Path) -> None:
    """Settings, extensions and the site; the libraries of extensions are installed."""
    before = """\
FROM php:8.2-apache
RUN apt-get update && apt-get install -y git unzip libpng-dev \\
 && docker-php-ext-install gd pdo_mysql
RUN a2enmod rewrite
# Composer, as its authors say
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /var/www/html
COPY . .
RUN composer install --no-interaction
RUN chown -R www-data:www-data storage
EXPOSE 80
"""
    after = """\
FROM php:8.2-apache AS build
RUN apt-get update && apt-get install -y git unzip libpng-dev \\
 && docker-php-ext-install gd pdo_mysql
RUN a2enmod rewrite
# Composer, as its authors say
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /var/www/html
COPY . .
RUN composer install --no-dev --no-interaction
RUN chown -R www-data:www-data storage
RUN rm -rf /var/www/html/tests

FROM php:8.2-apache
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      libfreetype6 \\
      libjpeg62-turbo \\
      libpng16-16 \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /var/www/html
COPY --from=build /etc/apache2 /etc/apache2
COPY --from=build /usr/local/etc/php /usr/local/etc/php
COPY --from=build /usr/local/lib/php/extensions /usr/local/lib/php/extensions
COPY --from=build /var/www/html /var/www/html
COPY --from=build --chown=www-data:www-data /var/www/html/storage /var/www/html/storage
EXPOSE 80
"""
    of = project(
        tmp_path,
        before,
        {
            "composer.json": '{"require-dev": {"phpunit/phpunit": "*"}}',
            "index.php": "<?php",
            "storage/keep": "",
            "tests/ATest.php": "",
        },
    )
    assert written(Php(), of)["php:8.2-apache"] == after


def test_the_server_of_php_is_started_as_it_was(tmp_path: Path) -> None:
    """No package is installed where nothing needs one."""
    before = """\
FROM php:8.3-cli
RUN apt-get update && apt-get install -y vim wget
COPY . /usr/src/app
WORKDIR /usr/src/app
HEALTHCHECK CMD php health.php
CMD php -S 0.0.0.0:8080 -t public
"""
    after = """\
FROM php:8.3-cli AS build
RUN apt-get update && apt-get install -y vim wget
COPY . /usr/src/app
WORKDIR /usr/src/app

FROM php:8.3-cli
WORKDIR /usr/src/app
COPY --from=build /usr/src/app /usr/src/app
HEALTHCHECK CMD php health.php
CMD ["php", "-S", "0.0.0.0:8080", "-t", "public"]
"""
    of = project(tmp_path, before, {"public/index.php": "<?php", "health.php": "<?php"})
    assert written(Php(), of)["php:8.3-cli"] == after


def test_settings_of_fpm_are_copied(tmp_path: Path) -> None:
    """A file that COPY puts among the settings is copied with them."""
    before = """\
FROM php:8.2-fpm
COPY php.ini /usr/local/etc/php/conf.d/site.ini
RUN docker-php-ext-install opcache
COPY src /var/www/html
USER www-data
"""
    after = """\
FROM php:8.2-fpm AS build
COPY php.ini /usr/local/etc/php/conf.d/site.ini
RUN docker-php-ext-install opcache
COPY src /var/www/html

FROM php:8.2-fpm
COPY --from=build /usr/local/etc/php /usr/local/etc/php
COPY --from=build /usr/local/lib/php/extensions /usr/local/lib/php/extensions
COPY --from=build /var/www/html /var/www/html
USER www-data
"""
    of = project(tmp_path, before, {"php.ini": "", "src/index.php": "<?php"})
    assert written(Php(), of)["php:8.2-fpm"] == after
