"""An OpenAPI (or Swagger 2) document, where one is served: its GET operations that need no parameters are asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from jettison.configuration import Request
from jettison.probes.http import answer
from jettison.probes.model import Answer, Service, Target

#: Where frameworks serve it: FastAPI, springdoc, NestJS, Swashbuckle, Swagger UI, Connexion.
PLACES = (
    "/openapi.json", "/v3/api-docs", "/api-json", "/swagger/v1/swagger.json", "/swagger.json", "/api/openapi.json",
    "/api-docs", "/v2/api-docs",
)  # fmt: skip


def ask(service: Service, target: Target, limit: int) -> tuple[Answer, ...]:
    """The document's own answer and those of at most ``limit`` operations; nothing where none is served."""
    for place in PLACES:
        if not target.alive():
            return ()
        given, response = answer(service, Request(place), target.timeout)
        operations = list(paths(response.body)) if response and response.status == 200 else []
        if operations:
            asked = (answer(service, Request(path), target.timeout)[0] for path in operations[:limit])
            return (given, *asked)
    return ()


def paths(document: bytes) -> Iterator[str]:
    """Paths of GET operations without required parameters, the server's or base path before them."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return
    if not isinstance(value, dict) or not ({"openapi", "swagger"} & value.keys()):
        return
    base = _base(value)
    operations = value.get("paths")
    for path, item in operations.items() if isinstance(operations, dict) else ():
        get = item.get("get") if isinstance(item, dict) else None
        if isinstance(get, dict) and "{" not in path and not _needs_parameters(item, get):
            yield base + path


def _needs_parameters(*holders: Mapping[str, Any]) -> bool:
    return any(_required(parameter) for holder in holders for parameter in _parameters(holder))


def _base(value: Mapping[str, Any]) -> str:
    servers = value.get("servers")
    first = servers[0].get("url") if isinstance(servers, list) and servers and isinstance(servers[0], dict) else None
    base = first if isinstance(first, str) else value.get("basePath")
    return urlsplit(base).path.rstrip("/") if isinstance(base, str) else ""


def _parameters(value: Mapping[str, Any]) -> list[Any]:
    found = value.get("parameters")
    return found if isinstance(found, list) else []


def _required(parameter: Any) -> bool:
    """Whether it must be given; a reference (``$ref``) is taken to be."""
    return isinstance(parameter, dict) and bool(parameter.get("required") or "$ref" in parameter)
