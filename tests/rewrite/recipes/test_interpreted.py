"""What recipes for interpreted languages read off the built image, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.errors import Unsupported
from jettison.oci.config import ContainerConfig
from jettison.rewrite.recipes.php import Php
from jettison.rewrite.recipes.python import Python
from jettison.rewrite.recipes.ruby import Ruby
from jettison.rewrite.recipes.static import Static
from rewrite.recipes.goldens import possible, project, tree, written

_FLASK = "FROM python:3.11\nCOPY app.py /app/app.py\nWORKDIR /app\nRUN pip install flask\nCMD python app.py\n"
_SITE = "/usr/local/lib/python3.11/site-packages"
_OS = {"/etc/os-release": b"ID=debian\nVERSION_CODENAME=bookworm\n"}
_PHP = "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y vim\nCOPY . /var/www/html\n"


def test_packages_without_machine_code_run_on_alpine(tmp_path: Path) -> None:
    built = tree(f"{_SITE}/flask/__init__.py", "/app/app.py", contents=_OS)
    found = written(Python(), project(tmp_path, _FLASK, {"app.py": ""}, tree=built))
    assert list(found) == [
        "python:3.11-slim",
        "python:3.11-alpine",
        "gcr.io/distroless/python3-debian12:latest",
    ]


def test_machine_code_needs_its_c_library(tmp_path: Path) -> None:
    built = tree(f"{_SITE}/flask/_speedups.so", "/app/app.py", contents=_OS)
    found = written(Python(), project(tmp_path, _FLASK, {"app.py": ""}, tree=built))
    assert "python:3.11-alpine" not in found


def test_machine_code_of_a_newer_debian_does_not_run_on_distroless(tmp_path: Path) -> None:
    newer = {"/etc/os-release": b"VERSION_CODENAME=trixie\n"}
    built = tree(f"{_SITE}/flask/_speedups.so", "/app/app.py", contents=newer)
    found = written(Python(), project(tmp_path, _FLASK, {"app.py": ""}, tree=built))
    assert list(found) == ["python:3.11-slim"]


def test_a_shell_keeps_distroless_away(tmp_path: Path) -> None:
    source = {"app.py": "import os\nos.system('date')\n"}
    assert "gcr.io/distroless/python3-debian12:latest" not in written(Python(), project(tmp_path, _FLASK, source))


def test_a_command_that_a_source_names_is_installed(tmp_path: Path) -> None:
    source = {"app.py": "import subprocess\nsubprocess.run(['git', 'log'])\nprint('made by curl and wget')\n"}
    text = written(Python(), project(tmp_path, _FLASK, source))["python:3.11-slim"]
    assert "--no-install-recommends \\\n      git \\\n" in text


def test_locales_that_were_made_are_copied(tmp_path: Path) -> None:
    before = _FLASK.replace("RUN pip", "RUN apt-get update && apt-get install -y locales && locale-gen de_DE\nRUN pip")
    text = written(Python(), project(tmp_path, before, {"app.py": ""}))["python:3.11-slim"]
    assert "COPY --from=build /usr/lib/locale /usr/lib/locale\n" in text
    assert "      locales" not in text


def test_a_stage_that_only_takes_what_others_made_is_left_alone(tmp_path: Path) -> None:
    before = "FROM python:3.11 AS make\nRUN pip install -t /p flask\nFROM python:3.11\nCOPY --from=make /p /p\n"
    assert not written(Python(), project(tmp_path, before, {"app.py": ""}))


def test_packages_of_the_distribution_are_installed_again(tmp_path: Path) -> None:
    install = "RUN apt-get update && apt-get install -y python3-flask python3 less"
    before = f"FROM debian:bookworm\n{install}\nCOPY app.py /srv/\nCMD python3 /srv/app.py\n"
    text = written(Python(), project(tmp_path, before, {"app.py": ""}))["debian:bookworm-slim"]
    assert "      python3 \\\n      python3-flask \\\n && rm" in text
    assert "less" not in text.partition("FROM debian:bookworm-slim")[2]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (_FLASK.replace("CMD python", "CMD poetry run a && python"), "what is started needs poetry"),
        (_FLASK.replace("RUN pip", "ENV PATH=/usr/local/bin:/usr/bin\nRUN pip"), "does not keep what was in PATH"),
        (_FLASK.replace("python:3.11", "python:2.7"), "Python 2"),
        (
            _FLASK.replace("RUN pip", "RUN uv venv /v && /v/bin/pip install a\nRUN pip"),
            "packages are installed beside /v too",
        ),
        (
            _FLASK.replace(
                "RUN pip", "RUN echo deb x > /etc/apt/sources.list.d/x && apt-get install -y libx1\nRUN pip"
            ),
            "packages may come from what 'echo' adds",
        ),
    ],
)
def test_what_cannot_be_helped_is_refused(tmp_path: Path, before: str, reason: str) -> None:
    with pytest.raises(Unsupported, match=r"^cannot rewrite [^\n]*") as error:
        possible(Python(), project(tmp_path, before, {"app.py": ""}))
    assert reason in str(error.value)


def test_ruby_gems_without_extensions_run_on_alpine(tmp_path: Path) -> None:
    before = 'FROM ruby:3.3\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["ruby", "a.rb"]\n'
    built = tree("/usr/local/bundle/gems/rack/rack.rb", "/app/a.rb", contents=_OS)
    assert "ruby:3.3-alpine" in written(Ruby(), project(tmp_path, before, {"a.rb": ""}, tree=built))


def test_composer_must_be_pulled_to_know_its_php(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="its version of PHP is not known before it is pulled"):
        possible(Php(), project(tmp_path, 'FROM composer:2\nRUN composer install\nCMD ["php", "a.php"]\n'))


def test_php_goes_onto_debian_with_its_own_files(tmp_path: Path) -> None:
    built = tree(
        "/usr/local/bin/php", "/usr/local/etc/php/", "/etc/apache2/apache2.conf", "/var/www/html/a.php", contents=_OS
    )
    text = written(Php(), project(tmp_path, _PHP, {"a.php": ""}, tree=built))["debian:bookworm-slim"]
    assert "RUN rm -rf /etc/apache2\n" in text
    assert "COPY --from=build /usr/local/bin/php /usr/local/bin/php\n" in text


def test_a_site_with_an_index_everywhere_is_served_by_busybox(tmp_path: Path) -> None:
    before = "FROM python:3.11\nCOPY site /site\nRUN chmod -R a+r /site\nCMD python3 -m http.server 8080 -d /site\n"
    files = {"site/index.html": "", "site/help/index.html": "", "site/style.css": ""}
    built = tree(*(f"/{path}" for path in files))
    found = written(Static(), project(tmp_path, before, files, tree=built))
    assert 'CMD ["busybox", "httpd", "-f", "-p", "8080", "-h", "/site"]' in found["busybox:musl"]
    unlisted = tree("/site/index.html", "/site/help/a.html")
    assert "busybox:musl" not in written(Static(), project(tmp_path, before, files, tree=unlisted))


def test_the_entry_point_of_node_only_starts_what_follows(tmp_path: Path) -> None:
    before = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm i -g serve\nCMD serve -l 5000 dist\n"
    base = ContainerConfig(entrypoint=("docker-entrypoint.sh",), cmd=("node",))
    text = written(Static(), project(tmp_path, before, {"dist/index.html": ""}, base=base))["nginx:alpine-slim"]
    assert text.endswith('CMD ["nginx", "-g", "daemon off;"]\n')
    assert "ENTRYPOINT" not in text


def test_rules_of_serve_are_refused(tmp_path: Path) -> None:
    before = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm i -g serve\nCMD ["serve", "dist"]\n'
    with pytest.raises(Unsupported, match=r"serve\.json"):
        possible(Static(), project(tmp_path, before, {"serve.json": "{}"}))


def test_other_programs_are_nobodys_site(tmp_path: Path) -> None:
    before = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n'
    assert not written(Static(), project(tmp_path, before, {"server.js": ""}))
