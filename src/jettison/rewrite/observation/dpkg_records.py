"""dpkg's records, trimmed by ``sed`` and the shell: whole paragraphs of the status, and lines of the lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jettison.packages.dpkg import INFO, STATUS
from jettison.packages.records import text
from jettison.rewrite.observation.quoting import shell_word, wrap
from jettison.rewrite.observation.view import View, Writing, refused

_DIRECTORY = STATUS.rpartition("/")[0]


def write(view: View, wanted: Mapping[str, bytes]) -> Writing | None:
    """Write the status and the lists of the packages that ``wanted`` has lists of; ``None`` without a status."""
    if STATUS not in wanted:
        return None
    names = sorted(path[len(INFO) + 1 : -len(".list")] for path in wanted if path.endswith(".list"))
    lists = [f"{INFO}/{name}.{kind}" for name in names for kind in ("list", "md5sums")]
    written = {STATUS: _status(text(view.tree, STATUS), names)}
    named: list[str] = []
    for record in lists:
        if record in view.tree:
            lines = list(_remaining(view, text(view.tree, record)))
            named += [path for _, path in lines]
            written[record] = "".join(f"{line}\n" for line, _ in lines).encode("utf-8", "surrogateescape")
    reason = refused(view, names, named)
    return Writing(tuple(_script(view.directory, names)), written, tuple(names), ("sed", "touch"), reason)


def _status(status: str, names: Iterable[str]) -> bytes:
    """As the script's ``sed`` prints it: from ``Package: NAME`` to the empty line, for one name after the other."""
    lines = status.removesuffix("\n").split("\n")
    starts: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if line.startswith("Package: "):
            starts.setdefault(line, []).append(number)
    found = []
    for name in names:
        for start in starts.get(f"Package: {name.partition(':')[0]}", ()):
            end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines) - 1)
            found += [line for line in lines[start : end + 1] if not line.startswith((" ", "Conffiles:"))]
    return "".join(f"{line}\n" for line in found).encode("utf-8", "surrogateescape")


def _remaining(view: View, content: str) -> Iterator[tuple[str, str]]:
    """Each line whose path is there, with the path: what follows two blanks, or all."""
    for line in content.split("\n")[: content.count("\n")]:
        before, blanks, path = line.partition("  ")
        path = path if blanks else before
        if view.finds(path):
            yield line, f"/{path.lstrip('/')}"


def _script(directory: str, names: list[str]) -> Iterator[str]:
    here = f"{directory}{_DIRECTORY}"
    yield f"cd {_DIRECTORY};"
    words = wrap((shell_word(name) for name in names), "        ")
    yield "for package in"
    yield from words[:-1]
    yield f"{words[-1]}; do" if words else "; do"
    yield r"""    sed -n "/^Package: ${package%:*}\$/,/^\$/{/^ /d;/^Conffiles:/d;p;}" status""" + f" >>{here}/status;"
    yield '    for record in "info/$package.list" "info/$package.md5sums"; do'
    yield f'        if [ -e "$record" ]; then while IFS= read -r line; do path="{directory}/${{line#*  }}";'
    yield """            if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\\n' "$line"; fi;"""
    yield f'        done <"$record" >"{here}/$record"; touch -r "$record" "{here}/$record"; fi;'
    yield "    done;"
    yield "done;"
    yield f"touch -r status {here}/status"
