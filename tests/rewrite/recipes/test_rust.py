"""Dockerfiles for Rust: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.rust import Rust
from rewrite.recipes.goldens import project, written


def test_a_release_is_stripped(tmp_path: Path) -> None:
    """The program keeps its place; data come along, sources do not."""
    before = """\
FROM rust:1.70
WORKDIR /usr/src/hello
# All of it
COPY . .
ARG VERSION=1
RUN cargo build --release
LABEL version=$VERSION
RUN mkdir -p /var/lib/hello && chown 1000 /var/lib/hello
USER 1000
EXPOSE 8080
# Is it up?
HEALTHCHECK CMD ["/usr/src/hello/target/release/hello-web", "--check"]
CMD ./target/release/hello-web --port 8080
"""
    after = """\
FROM rust:1.70 AS build
WORKDIR /usr/src/hello
# All of it
COPY . .
ARG VERSION=1
RUN cargo build --release
RUN mkdir -p /var/lib/hello && chown 1000 /var/lib/hello
RUN strip /usr/src/hello/target/release/hello-web

FROM gcr.io/distroless/cc-debian12:latest
ARG VERSION=1
LABEL version=$VERSION
WORKDIR /usr/src/hello
COPY --from=build --chown=1000 /var/lib/hello /var/lib/hello
COPY --from=build /usr/src/hello/templates /usr/src/hello/templates
COPY --from=build /usr/src/hello/target/release/hello-web /usr/src/hello/target/release/hello-web
USER 1000
EXPOSE 8080
# Is it up?
HEALTHCHECK CMD ["/usr/src/hello/target/release/hello-web", "--check"]
CMD ["/usr/src/hello/target/release/hello-web", "--port", "8080"]
"""
    files = {
        "Cargo.toml": '[package]\nname = "hello-web"\nversion = "0.1.0"\n',
        "Cargo.lock": "",
        "src/main.rs": "fn main() {}\n",
        "templates/index.html": "<p>",
    }
    assert written(Rust(), project(tmp_path, before, files))["gcr.io/distroless/cc-debian12:latest"] == after


def test_cargo_run_becomes_a_build(tmp_path: Path) -> None:
    """A debug build stays one: another profile would behave differently."""
    before = """\
FROM rust:1.70
WORKDIR /app
COPY . .
CMD ["cargo", "run", "--bin", "server", "--", "--verbose"]
"""
    after = """\
FROM rust:1.70 AS build
WORKDIR /app
COPY . .
RUN cargo build --bin server
RUN strip /app/target/debug/server

FROM debian:stable-slim
WORKDIR /app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /app/target/debug/server /app/target/debug/server
ENTRYPOINT ["/app/target/debug/server"]
CMD ["--verbose"]
"""
    files = {
        "Cargo.toml": '[package]\nname = "tools"\n\n[[bin]]\nname = "server"\npath = "src/server.rs"\n',
        "src/server.rs": "fn main() {}\n",
    }
    assert written(Rust(), project(tmp_path, before, files))["debian:stable-slim"] == after


def test_libraries_of_the_distribution(tmp_path: Path) -> None:
    """Not built yet, nobody knows which libraries are needed: those of the build are installed."""
    before = """\
FROM rust:1.70
RUN apt-get update && apt-get install -y libpq-dev pkg-config
WORKDIR /app
COPY . .
RUN cargo build --release -p api && cp target/release/api /usr/local/bin/
ENTRYPOINT ["api"]
"""
    after = """\
FROM rust:1.70 AS build
RUN apt-get update && apt-get install -y libpq-dev pkg-config
WORKDIR /app
COPY . .
RUN cargo build --release -p api && cp target/release/api /usr/local/bin/

FROM debian:stable-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      libpq-dev \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /usr/local/bin/api /usr/local/bin/api
ENTRYPOINT ["/usr/local/bin/api"]
"""
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n\n[profile.release]\nstrip = true\n',
        "crates/api/Cargo.toml": '[package]\nname = "api"\n',
        "crates/api/src/main.rs": "fn main() {}\n",
        "crates/other/Cargo.toml": '[package]\nname = "other"\n',
        "crates/other/src/main.rs": "fn main() {}\n",
    }
    assert written(Rust(), project(tmp_path, before, files))["debian:stable-slim"] == after


def test_a_check_that_calls_curl(tmp_path: Path) -> None:
    """curl is installed for it, which rules out what has no package manager; Debian is that of the tag."""
    before = """\
FROM rust:1.70-bookworm
WORKDIR /app
COPY . .
RUN cargo install --path . --root /usr
RUN adduser --disabled-password app
USER app
HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
CMD ["a"]
"""
    after = """\
FROM rust:1.70-bookworm AS build
WORKDIR /app
COPY . .
RUN cargo install --path . --root /usr
RUN adduser --disabled-password app
RUN strip /usr/bin/a

FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      curl \\
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /etc/passwd /etc/group /etc/
COPY --from=build /usr/bin/a /usr/bin/a
USER app
HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
CMD ["/usr/bin/a"]
"""
    files = {"Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": "fn main() {}\n"}
    assert written(Rust(), project(tmp_path, before, files))["debian:bookworm-slim"] == after


def test_another_program_is_started(tmp_path: Path) -> None:
    """What is built is not what runs: nothing is written."""
    before = """\
FROM rust:1.70
COPY . .
RUN cargo build --release
CMD ["./serve.sh"]
"""
    files = {"Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": "", "serve.sh": ""}
    assert written(Rust(), project(tmp_path, before, files)) == {}
