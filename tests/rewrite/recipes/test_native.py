"""Dockerfiles for C and C++: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.native import Native
from rewrite.recipes.goldens import project, written


def test_a_compiler_alone(tmp_path: Path) -> None:
    """The program of -o is found on its path."""
    before = """\
FROM gcc:12
COPY . /usr/src/app
WORKDIR /usr/src/app
# One file
RUN gcc -O2 -o app main.c
LABEL team=embedded
STOPSIGNAL SIGINT
CMD ["./app", "--all"]
"""
    after = """\
FROM gcc:12 AS build
COPY . /usr/src/app
WORKDIR /usr/src/app
# One file
RUN gcc -O2 -o app main.c
RUN strip --strip-unneeded /usr/src/app/app

FROM gcr.io/distroless/base-debian12:latest
LABEL team=embedded
WORKDIR /usr/src/app
COPY --from=build /usr/src/app/app.conf /usr/src/app/app.conf
COPY --from=build /usr/src/app/app /usr/src/app/app
STOPSIGNAL SIGINT
CMD ["/usr/src/app/app", "--all"]
"""
    files = {"main.c": "int main(void) { return 0; }\n", "app.conf": "a=1\n"}
    assert written(Native(), project(tmp_path, before, files))["gcr.io/distroless/base-debian12:latest"] == after


def test_cmake_with_libraries(tmp_path: Path) -> None:
    """Where the program starts others, a base without a shell is ruled out."""
    before = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y build-essential cmake libcurl4-openssl-dev
WORKDIR /app
COPY . .
RUN cmake -B build && cmake --build build
ENV LANG=C.UTF-8
ENTRYPOINT ["/app/build/fetch"]
"""
    after = """\
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y build-essential cmake libcurl4-openssl-dev
WORKDIR /app
COPY . .
RUN cmake -B build && cmake --build build
ENV LANG=C.UTF-8
RUN strip --strip-unneeded /app/build/fetch

FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      libcurl4-openssl-dev \\
 && rm -rf /var/lib/apt/lists/*
ENV LANG=C.UTF-8
WORKDIR /app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /app/build/fetch /app/build/fetch
ENTRYPOINT ["/app/build/fetch"]
"""
    files = {
        "main.cpp": '#include <cstdlib>\n\nint main() { return system("uname"); }\n',
        "CMakeLists.txt": "add_executable(fetch main.cpp)\n",
    }
    assert written(Native(), project(tmp_path, before, files))["debian:bookworm-slim"] == after


def test_another_program_is_started(tmp_path: Path) -> None:
    """What is built is not what runs: nothing is written."""
    before = """\
FROM python:3.11
COPY . /app
WORKDIR /app
RUN make
CMD ["python", "app.py"]
"""
    files = {"Makefile": "all:\n", "app.py": ""}
    assert written(Native(), project(tmp_path, before, files)) == {}
