"""Dockerfiles for Node.js: exact texts, and what must hold for each base."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jettison.oci.config import ContainerConfig
from jettison.rewrite.recipes import Project
from jettison.rewrite.recipes.nextjs import NextJs
from jettison.rewrite.recipes.node import Node
from rewrite.recipes.goldens import possible, project, tree, written

PACKAGE = {"name": "app", "scripts": {"start": "node server.js"}, "devDependencies": {"mocha": "1"}}
PLAIN = """\
# Our service
FROM node:20
ARG VERSION=1
LABEL version=$VERSION
WORKDIR /app
# Manifests first
COPY package*.json ./
RUN npm install
COPY . .
# Where it listens
EXPOSE 3000
HEALTHCHECK CMD node check.js
USER node
CMD npm start
"""
ONBUILD = ContainerConfig(
    env=("NODE_VERSION=8.17.0",),
    cmd=("npm", "start"),
    working_dir="/usr/src/app",
    on_build=(
        "ARG NODE_ENV", "ENV NODE_ENV $NODE_ENV", "COPY package.json /usr/src/app/", "RUN npm install",
        "COPY . /usr/src/app",
    ),
)  # fmt: skip


def node(directory: Path, dockerfile: str = PLAIN, **package: object) -> Project:
    files = {"package.json": json.dumps({**PACKAGE, **package}), "server.js": "require('http')"}
    return project(directory, dockerfile, files)


def test_comments_arguments_labels_user_and_health_check_stay(tmp_path: Path) -> None:
    assert (
        written(Node(), node(tmp_path))["node:20-slim"]
        == """\
# Our service
FROM node:20 AS build
ARG VERSION=1
WORKDIR /app
# Manifests first
COPY package*.json ./
RUN npm install
COPY . .
RUN npm prune --omit=dev

FROM node:20-slim
ARG VERSION=1
LABEL version=$VERSION
WORKDIR /app
COPY --from=build /app /app
# Where it listens
EXPOSE 3000
HEALTHCHECK CMD node check.js
USER node
CMD ["node", "server.js"]
"""
    )


def test_triggers_are_written_out(tmp_path: Path) -> None:
    files = {"package.json": json.dumps(PACKAGE), "server.js": ""}
    found = project(tmp_path, "FROM node:onbuild\nEXPOSE 8080\n", files, base=ONBUILD)
    (first, *_) = Node().candidates(found)
    assert first.images == ("node:8",)
    assert (
        first.dockerfile
        == """\
FROM node:8 AS build
WORKDIR /usr/src/app
# What node:onbuild does in every build on it
ARG NODE_ENV
ENV NODE_ENV $NODE_ENV
COPY package.json /usr/src/app/
RUN npm install
COPY . /usr/src/app
RUN npm prune --production

FROM node:8-slim
ARG NODE_ENV
ENV NODE_ENV $NODE_ENV
WORKDIR /usr/src/app
COPY --from=build /usr/src/app /usr/src/app
EXPOSE 8080
CMD ["node", "server.js"]
"""
    )


@pytest.mark.parametrize(
    ("scripts", "source", "command"),
    [
        ({"start": "node server.js --port 3"}, "", 'CMD ["node", "server.js", "--port", "3"]'),
        ({"start": "npm run serve", "serve": "node x.js"}, "", 'CMD ["node", "x.js"]'),
        ({"start": "NODE_ENV=production node server.js"}, "", 'CMD ["npm", "start"]'),
        ({"start": "node a.js && node b.js"}, "", 'CMD ["npm", "start"]'),
        ({"start": "node server.js", "prestart": "node migrate.js"}, "", 'CMD ["npm", "start"]'),
        ({"start": "node server.js"}, "process.env.npm_package_version", 'CMD ["npm", "start"]'),
        ({}, "", 'CMD ["node", "server.js"]'),
    ],
)
def test_the_exec_form_only_where_it_is_the_same(
    tmp_path: Path, scripts: dict[str, str], source: str, command: str
) -> None:
    found = node(tmp_path, scripts=scripts)
    (tmp_path / "server.js").write_text(source)
    assert written(Node(), found)["node:20-slim"].endswith(f"{command}\n")


def test_nothing_is_taken_away_that_the_command_starts(tmp_path: Path) -> None:
    found = node(tmp_path, scripts={"start": "node_modules/.bin/serve"}, devDependencies={"serve": "1"})
    assert "prune" not in written(Node(), found)["node:20-slim"]
    found = node(tmp_path, PLAIN.replace("npm start", "nodemon server.js"), devDependencies={"nodemon": "1"})
    assert not written(Node(), found)


@pytest.mark.parametrize("install", ["npm ci --omit=dev", "npm install --production", "npm install --only=production"])
def test_nothing_is_taken_away_twice(tmp_path: Path, install: str) -> None:
    assert "prune" not in written(Node(), node(tmp_path, PLAIN.replace("npm install", install)))["node:20-slim"]


@pytest.mark.parametrize(
    ("manager", "step"),
    [("yarn install", "yarn install --production"), ("pnpm install", "pnpm prune --prod"), ("npm ci", "npm prune")],
)
def test_each_manager_takes_its_own_away(tmp_path: Path, manager: str, step: str) -> None:
    text = written(Node(), node(tmp_path, PLAIN.replace("npm install", manager)))["node:20-slim"]
    assert step in text.partition("\n\n")[0]


def test_machine_code_for_glibc_stays_on_glibc(tmp_path: Path) -> None:
    found = replace(node(tmp_path), tree=tree("/app/node_modules/a/build/a.node", "/usr/local/bin/node"))
    assert "node:20-alpine" in written(Node(), node(tmp_path))
    bases = {one.base.reference: one.base.libc for one in possible(Node(), found)}
    assert "node:20-slim" in bases
    assert set(bases.values()) == {"glibc"}


def test_a_shell_is_lent_to_a_base_without_one(tmp_path: Path) -> None:
    found = node(tmp_path)
    (tmp_path / "server.js").write_text("require('child_process').exec('date')")
    assert not [base for base in written(Node(), found) if "distroless" in base]
    paths = (
        "/bin/sh",
        "/usr/bin/date",
        "/usr/bin/dash",
        "/usr/lib/x86_64-linux-gnu/libselinux.so.1",
        "/usr/local/bin/node",
    )
    seen = replace(found, tree=tree(*paths, "/app/server.js", "/etc/passwd"), kept=frozenset(paths))
    (text,) = (text for base, text in written(Node(), seen).items() if "/cc-" in base)
    assert text.split("FROM ")[2].splitlines()[3:] == [
        "WORKDIR /app",
        "COPY --from=build /etc/passwd /etc/group /etc/",
        "COPY --from=build /usr/local/bin/node /usr/local/bin/node",
        "COPY --from=build /app /app",
        "# The shell and the commands that the program runs",
        "COPY --from=build /bin/sh /bin/sh",
        "COPY --from=build /usr/bin/dash /usr/bin/date /usr/bin/",
        "COPY --from=build /usr/lib/x86_64-linux-gnu/libselinux.so.1 /usr/lib/x86_64-linux-gnu/",
        "# Where it listens",
        "EXPOSE 3000",
        "HEALTHCHECK CMD node check.js",
        "USER node",
        'CMD ["node", "server.js"]',
    ]


def test_not_for_other_programs(tmp_path: Path) -> None:
    assert not list(Node().candidates(project(tmp_path, "FROM node:20\nCMD node -v\n")))


def test_next_that_stands_alone(tmp_path: Path) -> None:
    files = {
        "package.json": json.dumps({"scripts": {"start": "next start", "build": "next build"}}),
        "next.config.js": "module.exports = { output: 'standalone' }",
        "public/logo.svg": "",
        "content/post.md": "",
        "app/page.tsx": "",
    }
    text = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "next", "start"]\n'
    assert not written(NextJs(), project(tmp_path, text, files))
    found = project(tmp_path, text.replace('"npx", "next", "start"', '"node_modules/.bin/next", "start"'), files)
    assert (
        written(NextJs(), found)["node:20-slim"].partition("\n\n")[2]
        == """\
FROM node:20-slim
ENV HOSTNAME="0.0.0.0"
WORKDIR /app
COPY --from=build /app/.next/standalone /app
COPY --from=build /app/.next/static /app/.next/static
COPY --from=build /app/public /app/public
COPY --from=build /app/content /app/content
CMD ["node", "server.js"]
"""
    )
