"""What of the context a compiled program may read while it runs: all that is no source and no part of the build."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import in_image

#: What nothing reads while it runs, in whichever project.
NEVER = re.compile(
    r"(^|/)(Dockerfile[^/]*|[^/]*\.Dockerfile|Containerfile|\.dockerignore|\.git(ignore|attributes|modules)?|\.github"
    r"|\.gitlab-ci\.yml|\.editorconfig|\.env\.example|\.vscode|\.idea|Makefile|GNUmakefile|README[^/]*|LICEN[CS]E[^/]*"
    r"|CHANGELOG[^/]*|CONTRIBUTING[^/]*|docker-compose[^/]*|compose\.ya?ml|jettison\.toml|project\.toml"
    r"|stranger\.toml|node_modules|target|build|dist)(/|$)",
    re.IGNORECASE,
)


def data_files(project: Project, sources: Sequence[str]) -> Iterator[str]:
    """COPY lines for what is none of ``sources`` (endings of names), directories whole where they hold no source."""
    for path in _largest(project, tuple(sources)):
        place = in_image(project, path)
        if place:
            yield from_build(project, place, to=place)


def _largest(project: Project, sources: tuple[str, ...]) -> list[str]:
    """The fewest paths that cover all data and no source: a directory where it holds only data."""
    mixed: set[str] = set()
    data: list[str] = []
    for path in project.paths:
        if (project.context.directory / path).is_dir():
            continue
        if path.endswith(sources) or NEVER.search(path):
            while path:
                path = posixpath.dirname(path)
                mixed.add(path)
        else:
            data.append(path)
    mixed.add("")
    found: dict[str, None] = {}
    for path in data:
        while (parent := posixpath.dirname(path)) not in mixed:
            path = parent
        found[path] = None
    return list(found)
