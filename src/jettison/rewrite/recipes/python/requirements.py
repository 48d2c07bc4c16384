"""What Python packages are linked to, as far as their names say."""

from __future__ import annotations

import re

from jettison.rewrite.recipes.model import Project

#: The packages of Debian that distributions from PyPI without wheels, or that load by name, need.
_LINKED = {
    "psycopg2": "libpq5", "mysqlclient": "libmariadb3", "pycurl": "libcurl4", "python-magic": "libmagic1",
    "cairosvg": "libcairo2", "weasyprint": "libpangoft2-1.0-0", "pyzbar": "libzbar0", "python-snappy": "libsnappy1v5",
    "xmlsec": "libxmlsec1-openssl", "pygraphviz": "graphviz", "wand": "imagemagick",
}  # fmt: skip
_FILES = re.compile(r"requirements[^/]*\.(txt|in)|requirements/[^/]*\.txt|pyproject\.toml|Pipfile|setup\.(py|cfg)")


def guessed_packages(project: Project) -> tuple[str, ...]:
    """The packages that what is required is known to need, where nothing was built that would tell."""
    text = "\n".join(project.read(path).lower() for path in project.paths if _FILES.fullmatch(path))
    text += "\n".join(instruction.source.lower() for instruction in project.instructions)
    found = (package for name, package in _LINKED.items() if re.search(rf"(?<![\w-]){name}(?![\w-])", text))
    return tuple(dict.fromkeys(found))
