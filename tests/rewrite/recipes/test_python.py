"""Dockerfiles for Python: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.python import Python
from rewrite.recipes.goldens import project, written


def test_a_full_image_becomes_a_slim_one(tmp_path: Path) -> None:
    """Comments, build arguments, labels, the user and the check stay; commands without need do not."""
    before = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.11
# The shop
FROM python:3.11
LABEL org.opencontainers.image.title="shop"
ARG PORT=8000
ENV PYTHONUNBUFFERED=1 PORT=$PORT
RUN apt-get update && apt-get install -y build-essential gettext libpq-dev
WORKDIR /srv/shop
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python manage.py collectstatic --noinput
RUN useradd -m shop && chown -R shop:shop /srv/shop
USER shop
EXPOSE $PORT
# Docker asks this
HEALTHCHECK CMD curl -f http://localhost:8000/health
CMD gunicorn shop.wsgi --bind 0.0.0.0:8000
"""
    after = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.11
# The shop
FROM python:3.11 AS build
ARG PORT=8000
ENV PYTHONUNBUFFERED=1 PORT=$PORT
RUN apt-get update && apt-get install -y build-essential gettext libpq-dev
WORKDIR /srv/shop
COPY requirements.txt .
RUN python3 -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv PATH="/opt/venv/bin:$PATH"
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python manage.py collectstatic --noinput
RUN useradd -m shop && chown -R shop:shop /srv/shop
RUN /opt/venv/bin/python3 -m pip uninstall --yes pip
RUN rm -rf /srv/shop/.git /srv/shop/tests

FROM python:3.11-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      curl \\
      libpq5 \\
 && rm -rf /var/lib/apt/lists/*
ENV VIRTUAL_ENV="/opt/venv"
ENV PATH="/opt/venv/bin:$PATH"
LABEL org.opencontainers.image.title="shop"
ARG PORT=8000
ENV PYTHONUNBUFFERED=1 PORT=$PORT
WORKDIR /srv/shop
COPY --from=build /etc/passwd /etc/group /etc/
COPY --from=build --chown=shop /home/shop /home/shop
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=shop:shop /srv/shop /srv/shop
USER shop
EXPOSE $PORT
# Docker asks this
HEALTHCHECK CMD curl -f http://localhost:8000/health
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]
"""
    of = project(
        tmp_path,
        before,
        {
            "requirements.txt": "Django==4.2\ngunicorn\npsycopg2\n",
            "manage.py": "import os\n",
            "shop/wsgi.py": "",
            "tests/test_shop.py": "",
            ".git/HEAD": "",
        },
    )
    assert written(Python(), of)["python:3.11-slim"] == after


def test_poetry_installs_only_what_the_program_needs(tmp_path: Path) -> None:
    """Poetry itself stays behind, and is not needed to start."""
    before = """\
FROM python:3.12
RUN pip install poetry==1.8.3
WORKDIR /app
COPY . .
RUN poetry config virtualenvs.create false && poetry install --no-interaction
CMD ["poetry", "run", "uvicorn", "app:api", "--port", "8080"]
"""
    after = """\
FROM python:3.12 AS build
RUN pip install poetry==1.8.3
WORKDIR /app
COPY . .
RUN python3 -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv PATH="/opt/venv/bin:$PATH"
RUN poetry config virtualenvs.create false && poetry install --only main --no-interaction
RUN /opt/venv/bin/python3 -m pip uninstall --yes pip

FROM python:3.12-slim
ENV VIRTUAL_ENV="/opt/venv"
ENV PATH="/opt/venv/bin:$PATH"
WORKDIR /app
COPY --from=build /app /app
COPY --from=build /opt/venv /opt/venv
CMD ["uvicorn", "app:api", "--port", "8080"]
"""
    of = project(
        tmp_path,
        before,
        {
            "pyproject.toml": '[tool.poetry]\nname = "app"\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
            "app.py": "",
        },
    )
    assert written(Python(), of)["python:3.12-slim"] == after


def test_the_environment_of_uv_is_among_the_programs_files(tmp_path: Path) -> None:
    """On an image without a shell the environment is told where Python is."""
    before = """\
FROM python:3.11-slim-bookworm
RUN pip install uv
WORKDIR /app
COPY . .
RUN uv sync --frozen
CMD ["uv", "run", "--no-sync", "main.py"]
"""
    after = """\
FROM python:3.11-slim-bookworm AS build
RUN pip install uv
WORKDIR /app
COPY . .
RUN uv sync --no-dev --frozen
RUN ln -sf /usr/bin/python3 /app/.venv/bin/python && ln -sf /usr/bin/python3 /app/.venv/bin/python3 \\
 && sed -i 's|^home = .*|home = /usr/bin|' /app/.venv/pyvenv.cfg

FROM gcr.io/distroless/python3-debian12:latest
WORKDIR /app
COPY --from=build /app /app
ENTRYPOINT []
CMD ["/app/.venv/bin/python", "main.py"]
"""
    of = project(
        tmp_path,
        before,
        {
            "pyproject.toml": '[project]\nname = "app"\n[dependency-groups]\ndev = ["pytest"]\n',
            "uv.lock": "",
            "main.py": "",
        },
    )
    assert written(Python(), of)["gcr.io/distroless/python3-debian12:latest"] == after


def test_pipenv_installs_into_the_environment(tmp_path: Path) -> None:
    """Options that mean the system's Python are taken away."""
    before = """\
FROM python:3.11-slim
RUN pip install pipenv
WORKDIR /bot
COPY Pipfile Pipfile.lock ./
RUN pipenv install --system --deploy
COPY bot.py ./
RUN pip install black mypy
CMD pipenv run python bot.py
"""
    after = """\
FROM python:3.11-slim AS build
RUN pip install pipenv
WORKDIR /bot
COPY Pipfile Pipfile.lock ./
RUN python3 -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv PATH="/opt/venv/bin:$PATH"
RUN pipenv install --deploy
COPY bot.py ./
RUN /opt/venv/bin/python3 -m pip uninstall --yes pip

FROM python:3.11-slim
ENV VIRTUAL_ENV="/opt/venv"
ENV PATH="/opt/venv/bin:$PATH"
WORKDIR /bot
COPY --from=build /bot /bot
COPY --from=build /opt/venv /opt/venv
CMD ["python", "bot.py"]
"""
    of = project(tmp_path, before, {"Pipfile": "", "Pipfile.lock": "{}", "bot.py": ""})
    assert written(Python(), of)["python:3.11-slim"] == after


def test_an_environment_of_the_original_is_copied(tmp_path: Path) -> None:
    """It is at the same place, and no other is made."""
    before = """\
FROM python:3.11
RUN python -m venv /venv
ENV PATH="/venv/bin:$PATH"
WORKDIR /code
COPY . /code
RUN pip install .
CMD ["report", "--daily"]
"""
    after = """\
FROM python:3.11 AS build
RUN python -m venv /venv
ENV PATH="/venv/bin:$PATH"
WORKDIR /code
COPY . /code
RUN pip install .

FROM python:3.11-slim
ENV PATH="/venv/bin:$PATH"
WORKDIR /code
COPY --from=build /code /code
COPY --from=build /venv /venv
CMD ["report", "--daily"]
"""
    of = project(tmp_path, before, {"pyproject.toml": '[project]\nname = "report"\n'})
    assert written(Python(), of)["python:3.11-slim"] == after


def test_a_program_in_the_root_directory_is_copied_by_its_names(tmp_path: Path) -> None:
    """Nothing of the system is copied with it."""
    before = """\
FROM python:3.11
COPY . .
RUN pip install flask
CMD flask run --host=0.0.0.0
"""
    after = """\
FROM python:3.11 AS build
COPY . .
RUN python3 -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv PATH="/opt/venv/bin:$PATH"
RUN pip install flask
RUN /opt/venv/bin/python3 -m pip uninstall --yes pip

FROM python:3.11-slim
ENV VIRTUAL_ENV="/opt/venv"
ENV PATH="/opt/venv/bin:$PATH"
COPY --from=build /app.py /app.py
COPY --from=build /opt/venv /opt/venv
COPY --from=build /templates /templates
CMD ["flask", "run", "--host=0.0.0.0"]
"""
    of = project(tmp_path, before, {"app.py": "", "templates/index.html": "", "README.md": ""})
    assert written(Python(), of)["python:3.11-slim"] == after
