"""Dockerfiles for Go: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.go import Go
from rewrite.recipes.goldens import project, written


def test_a_program_without_c_is_static_and_alone(tmp_path: Path) -> None:
    """Comments, labels, the user and the check are kept; symbols and the C library are left out."""
    before = """\
# syntax=docker/dockerfile:1
FROM golang:1.22
# Where the source is
WORKDIR /go/src/app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN go build -o /usr/local/bin/shop ./cmd/shop
LABEL org.opencontainers.image.version=$VERSION
ENV SHOP_MODE=production
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=10s CMD ["shop", "-check"]
ENTRYPOINT ["shop"]
CMD ["-v"]
"""
    after = """\
# syntax=docker/dockerfile:1
FROM golang:1.22 AS build
# Where the source is
WORKDIR /go/src/app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /usr/local/bin/shop ./cmd/shop
ENV SHOP_MODE=production

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.version=$VERSION
ENV SHOP_MODE=production
WORKDIR /go/src/app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /tmp /tmp
COPY --from=build /go/src/app/templates /go/src/app/templates
COPY --from=build /usr/local/bin/shop /usr/local/bin/shop
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=10s CMD ["shop", "-check"]
ENTRYPOINT ["/usr/local/bin/shop"]
CMD ["-v"]
"""
    files = {
        "go.mod": "module example.org/shop\n\ngo 1.22\n",
        "go.sum": "",
        "cmd/shop/main.go": "package main\n\nfunc main() {}\n",
        "templates/index.html": "<p>",
    }
    assert written(Go(), project(tmp_path, before, files))["scratch"] == after


def test_cgo_needs_the_c_library(tmp_path: Path) -> None:
    """A module around a C library: the binary stays dynamic."""
    before = """\
FROM golang:1.22
WORKDIR /src
COPY . .
RUN go build -o app .
CMD ./app
"""
    after = """\
FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN go build -trimpath -ldflags='-s -w' -o app .

FROM debian:stable-slim
WORKDIR /src
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/app /src/app
CMD ["/src/app"]
"""
    files = {
        "go.mod": "module example.org/notes\n\nrequire github.com/mattn/go-sqlite3 v1.14.22\n",
        "main.go": "package main\n\nfunc main() {}\n",
    }
    assert written(Go(), project(tmp_path, before, files))["debian:stable-slim"] == after


def test_go_run_becomes_a_build(tmp_path: Path) -> None:
    """What go run compiles at every start is built once."""
    before = """\
FROM golang:1.22
WORKDIR /src
COPY . .
EXPOSE 80
CMD ["go", "run", "main.go", "-port", "80"]
"""
    after = """\
FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /src/app main.go

FROM scratch
WORKDIR /src
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /tmp /tmp
COPY --from=build /src/app /src/app
EXPOSE 80
ENTRYPOINT ["/src/app"]
CMD ["-port", "80"]
"""
    files = {"go.mod": "module example.org/web\n", "main.go": "package main\n\nfunc main() {}\n"}
    assert written(Go(), project(tmp_path, before, files))["scratch"] == after


def test_another_program_is_started(tmp_path: Path) -> None:
    """What is built is not what runs: nothing is written."""
    before = """\
FROM golang:1.22
COPY . /src
RUN cd /src && go build -o /bin/app
CMD ["/src/start.sh"]
"""
    files = {"go.mod": "module a\n", "start.sh": "#!/bin/sh\n"}
    assert written(Go(), project(tmp_path, before, files)) == {}
