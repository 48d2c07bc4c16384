"""apk's installed database, trimmed by ``awk`` and the shell: blocks of packages, and lines of files in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jettison.packages.apk import DATABASES
from jettison.packages.records import text
from jettison.rewrite.observation.quoting import wrap
from jettison.rewrite.observation.view import View, Writing, refused


def write(view: View, wanted: Mapping[str, bytes]) -> Writing | None:
    """Write the database for the packages that ``wanted`` has in it; ``None`` without one, or with several."""
    databases = [database for database in DATABASES if database in wanted]
    if len(databases) != 1:
        return None
    content = wanted[databases[0]].decode("utf-8", "surrogateescape")
    names = sorted({line[2:] for line in content.split("\n") if line.startswith("P:")})
    lines = list(_remaining(view, text(view.tree, databases[0]), frozenset(names)))
    reason = refused(view, names, (path for _, path in lines if path))
    written = {databases[0]: "".join(f"{line}\n" for line, _ in lines).encode("utf-8", "surrogateescape")}
    return Writing(tuple(_script(view.directory, databases[0], names)), written, tuple(names), ("awk", "touch"), reason)


def _remaining(view: View, database: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each line that stays, with the path that it is about (``""`` for none)."""
    directory = path = ""
    for block in database.split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        if not any(line[:2] == "P:" and line[2:] in names for line in lines):
            continue
        for line in [*lines, ""]:
            if line.startswith("F:"):
                directory = path = line[2:]
            elif line.startswith("R:"):
                path = f"{directory}/{line[2:]}"
            elif line[:2] not in ("M:", "a:", "Z:"):
                path = ""
            if view.finds(path):
                yield line, path


def _script(directory: str, database: str, names: list[str]) -> Iterator[str]:
    words = wrap(names, "        ")
    yield 'packages="'
    yield from words
    yield '    ";'
    yield """awk -v names="$packages" -v RS= -v ORS='\\n\\n' -F '\\n'"""
    yield """    '{for (n = 1; n <= NF; n++) if ($n ~ /^P:/ && index(names, " " substr($n, 3) " ")) print}'"""
    yield f"    {database}"
    yield "    | while IFS= read -r line; do"
    yield '        case "$line" in F:*) dir="${line#F:}" path="${line#F:}" ;; R:*) path="$dir/${line#R:}" ;;'
    yield "            [MaZ]:*) ;; *) path= ;; esac;"
    yield f'        if [ -e "{directory}/$path" ] || [ -L "{directory}/$path" ]; then'
    yield f"            printf '%s\\n' \"$line\"; fi; done >{directory}{database};"
    yield f"touch -r {database} {directory}{database}"
