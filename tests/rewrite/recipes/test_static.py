"""Dockerfiles for Static sites: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.static import Static
from rewrite.recipes.goldens import project, written


def test_nginx_gets_smaller(tmp_path: Path) -> None:
    """What was removed of the base is removed again; the check's program is installed."""
    before = """\
FROM nginx:1.27
LABEL description="pages"
RUN apt-get update && apt-get install -y vim
RUN rm /etc/nginx/conf.d/default.conf
COPY site.conf /etc/nginx/conf.d/site.conf
COPY html /usr/share/nginx/html
HEALTHCHECK CMD curl -f http://localhost/
EXPOSE 80
"""
    after = """\
FROM nginx:1.27 AS build
RUN apt-get update && apt-get install -y vim
RUN rm /etc/nginx/conf.d/default.conf
COPY site.conf /etc/nginx/conf.d/site.conf
COPY html /usr/share/nginx/html

FROM nginx:1.27-alpine-slim
RUN apk add --no-cache curl
RUN rm -rf /etc/nginx/conf.d/default.conf
LABEL description="pages"
COPY --from=build /etc/nginx/conf.d/site.conf /etc/nginx/conf.d/site.conf
COPY --from=build /usr/share/nginx/html /usr/share/nginx/html
HEALTHCHECK CMD curl -f http://localhost/
EXPOSE 80
"""
    of = project(tmp_path, before, {"site.conf": "server { listen 80; }", "html/index.html": ""})
    assert written(Static(), of)["nginx:1.27-alpine-slim"] == after


def test_serve_becomes_nginx(tmp_path: Path) -> None:
    """One page for all addresses, on the same port."""
    before = """\
FROM node:20
ARG API=https://api.example.org
WORKDIR /app
COPY package*.json ./
RUN npm ci && npm install -g serve
COPY . .
RUN API=$API npm run build
EXPOSE 5000
# The pages
CMD ["serve", "-s", "dist", "-l", "5000"]
"""
    after = """\
FROM node:20 AS build
ARG API=https://api.example.org
WORKDIR /app
COPY package*.json ./
RUN npm ci && npm install -g serve
COPY . .
RUN API=$API npm run build

FROM nginx:alpine-slim
WORKDIR /app
COPY <<'NGINX' /etc/nginx/conf.d/default.conf
map $request_filename $name { "~/(?<file>[^/]+)$" $file; }
server {
    listen 5000;
    root /app/dist;
    absolute_redirect off;
    charset utf-8;
    charset_types text/css text/plain text/xml application/javascript application/json;
    include /etc/nginx/mime.types;
    types { application/json map; application/manifest+json webmanifest; application/javascript mjs; }
    add_header Content-Disposition 'inline; filename="$name"';
    if ($request_uri ~ "^/(.+)\\.html(?:\\?|$)") { return 301 /$1; }
    location / { try_files $uri $uri.html /index.html; }
}
NGINX
COPY --from=build /app/dist /app/dist
EXPOSE 5000
# The pages
CMD ["nginx", "-g", "daemon off;"]
"""
    of = project(tmp_path, before, {"package.json": '{"scripts": {"build": "vite build"}}', "index.html": ""})
    assert written(Static(), of)["nginx:alpine-slim"] == after


def test_the_server_of_python_becomes_nginx(tmp_path: Path) -> None:
    """Directories without an index are listed."""
    before = """\
FROM python:3.11
WORKDIR /site
COPY . .
CMD python -m http.server 8080 --directory public
"""
    after = """\
FROM python:3.11 AS build
WORKDIR /site
COPY . .

FROM nginx:alpine-slim
WORKDIR /site
COPY <<'NGINX' /etc/nginx/conf.d/default.conf
server {
    listen 8080;
    root /site/public;
    absolute_redirect off;
    index index.html index.htm;
    autoindex on;
    include /etc/nginx/mime.types;
    types { text/javascript js mjs; }
}
NGINX
COPY --from=build /site/public /site/public
CMD ["nginx", "-g", "daemon off;"]
"""
    of = project(tmp_path, before, {"public/index.html": ""})
    assert written(Static(), of)["nginx:alpine-slim"] == after


def test_a_server_that_builds_in_memory_becomes_a_build(tmp_path: Path) -> None:
    """mkdocs builds to files, which nginx serves."""
    before = """\
FROM python:3.12-slim
RUN pip install mkdocs
WORKDIR /docs
COPY . .
CMD ["mkdocs", "serve", "-a", "0.0.0.0:8000"]
"""
    after = """\
FROM python:3.12-slim AS build
RUN pip install mkdocs
WORKDIR /docs
COPY . .
RUN mkdocs build

FROM nginx:alpine-slim
WORKDIR /docs
COPY <<'NGINX' /etc/nginx/conf.d/default.conf
server {
    listen 8000;
    root /docs/site;
    absolute_redirect off;
}
NGINX
COPY --from=build /docs/site /docs/site
CMD ["nginx", "-g", "daemon off;"]
"""
    of = project(tmp_path, before, {"mkdocs.yml": "", "docs/index.md": ""})
    assert written(Static(), of)["nginx:alpine-slim"] == after


def test_the_site_of_debians_nginx_goes_onto_nginx(tmp_path: Path) -> None:
    """Its configuration is the only site."""
    before = """\
FROM node:20
RUN apt-get update && apt-get install -y nginx
WORKDIR /site
COPY . .
RUN npx @11ty/eleventy --output=/var/www/html
RUN cp site.conf /etc/nginx/sites-available/default
CMD nginx -g 'daemon off;'
"""
    after = """\
FROM node:20 AS build
RUN apt-get update && apt-get install -y nginx
WORKDIR /site
COPY . .
RUN npx @11ty/eleventy --output=/var/www/html
RUN cp site.conf /etc/nginx/sites-available/default

FROM nginx:alpine-slim
WORKDIR /site
COPY --from=build /etc/nginx/sites-available/default /etc/nginx/conf.d/default.conf
COPY --from=build /var/www/html /var/www/html
CMD ["nginx", "-g", "daemon off;"]
"""
    of = project(tmp_path, before, {"site.conf": "server {\n  listen 80;\n  root /var/www/html;\n}\n", "index.md": ""})
    assert written(Static(), of)["nginx:alpine-slim"] == after
