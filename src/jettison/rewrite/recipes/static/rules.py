"""The rules of file servers in nginx's words."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.rewrite.recipes.static.served import Served

CONFIGURATION = "/etc/nginx/conf.d/default.conf"
#: What each server does with an address that is no file.
_TRIES = {
    "serve": "$uri $uri.html $uri/index.html =404",
    "http-server": "$uri $uri/ $uri.html =404",
    "vite": "$uri $uri/index.html /index.html",
}
#: serve says the name of each file that it sends.
_NAMES = 'map $request_filename $name { "~/(?<file>[^/]+)$" $file; }\n'
NOTES = {
    "python": "nginx lists directories and says what it did not find in other words than http.server",
    "serve": "nginx lists no directories, and says what it did not find in other words than serve",
    "http-server": "nginx lists directories and says what it did not find in other words than http-server",
    "vite": "nginx sends none of the headers that vite preview does",
}


def configuration(served: Served) -> str:
    """The COPY line that writes nginx's configuration."""
    lines = "\n".join(f"    {line}" for line in _lines(served))
    names = _NAMES if served.kind == "serve" else ""
    return f"COPY <<'NGINX' {CONFIGURATION}\n{names}server {{\n{lines}\n}}\nNGINX"


def _lines(served: Served) -> Iterator[str]:
    yield f"listen {served.port};"
    yield f"root {served.directory};"
    yield "absolute_redirect off;"
    if served.kind in ("serve", "vite", "http-server"):
        yield "charset utf-8;"
        yield "charset_types text/css text/plain text/xml application/javascript application/json;"
        yield "include /etc/nginx/mime.types;"
        yield "types { application/json map; application/manifest+json webmanifest; application/javascript mjs; }"
    if served.kind in ("python", "http-server"):
        yield "index index.html index.htm;"
        yield "autoindex on;"
    if served.kind == "python":
        yield "include /etc/nginx/mime.types;"
        yield "types { text/javascript js mjs; }"
    if served.kind == "serve":
        yield "add_header Content-Disposition 'inline; filename=\"$name\"';"
        yield 'if ($request_uri ~ "^/(.+)\\.html(?:\\?|$)") { return 301 /$1; }'
    tries = "$uri $uri.html /index.html" if served.single and served.kind == "serve" else _TRIES.get(served.kind, "")
    if tries:
        yield f"location / {{ try_files {tries}; }}"
