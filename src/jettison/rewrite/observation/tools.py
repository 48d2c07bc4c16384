"""What the original can do for its own rewriting: which of the commands that are needed it has."""

from __future__ import annotations

from dataclasses import dataclass

from jettison.filetree import FileEntry, FileTree, Kind

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: How much of a tar program is searched for its maker's name, in bytes; Debian's has 0.5 MB.
_SEARCHED = 4 << 20


@dataclass(frozen=True, slots=True)
class Tools:
    """``shell``: there is a ``/bin/sh``; ``commands``: names found in ``PATH``; ``xattrs``: tar is GNU's."""

    shell: bool
    commands: frozenset[str]
    xattrs: bool

    def lacks(self, *names: str) -> tuple[str, ...]:
        """Which of these it has not; ``sh`` is ``/bin/sh``."""
        return tuple(name for name in names if not (self.shell if name == "sh" else name in self.commands))


_WANTED = ("tar", "find", "rm", "mkdir", "chmod", "sed", "awk", "touch")


def tools(tree: FileTree, environment: dict[str, str]) -> Tools:
    """Look into the original's root file system."""
    found = {name: _command(tree, name, environment.get("PATH") or _PATH) for name in _WANTED}
    tar = found["tar"]
    return Tools(
        _is_program(tree.resolve("/bin/sh")),
        frozenset(name for name, entry in found.items() if entry is not None),
        tar is not None and bool(tar.origin) and b"GNU tar" in tree.read(tar, _SEARCHED),
    )


def _command(tree: FileTree, name: str, path: str) -> FileEntry | None:
    for directory in path.split(":"):
        entry = tree.resolve(f"{directory}/{name}")
        if directory.startswith("/") and _is_program(entry):
            return entry
    return None


def _is_program(entry: FileEntry | None) -> bool:
    return entry is not None and entry.kind is Kind.FILE and entry.is_executable
