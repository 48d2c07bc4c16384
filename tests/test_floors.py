"""A module imports only its own package and lower floors."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "jettison"

FLOORS = {
    "errors": 0,
    "filetree": 1, "dockerfile": 1, "redaction": 1,
    "oci": 2,
    "packages": 3, "closure": 3, "runtime": 3, "configuration": 3,
    "builder": 4, "probes": 4, "observe": 4, "attribution": 4, "bases": 4,
    "plan": 5, "inspection": 5,
    "carve": 6, "verify": 6, "rewrite": 6, "security": 6, "measure": 6,
    "report": 7,
    "pipeline": 8,
    "tuner": 9,
    "cli": 10,
}  # fmt: skip

#: Values that several families of one floor share: the ``model`` modules are one floor for each other.
SHARED = {("observe", "probes"), ("observe", "closure"), ("packages", "closure"), ("closure", "packages")}


def imports(path: Path) -> set[str]:
    """The families that a module imports, also inside functions and under TYPE_CHECKING."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" if node.module == "jettison" else node.module or ""
                     for alias in node.names]  # fmt: skip
        found |= {name.split(".")[1] for name in names if name.startswith("jettison.")}
    return found - {"__version__"}


def modules() -> list[tuple[str, Path]]:
    return [
        (path.relative_to(SOURCE).parts[0].removesuffix(".py"), path)
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).as_posix() not in ("__init__.py", "__main__.py")
    ]


@pytest.mark.parametrize(("family", "path"), modules(), ids=lambda value: str(getattr(value, "name", value)))
def test_imports_only_lower_floors(family: str, path: Path) -> None:
    assert family in FLOORS, f"{path} has no floor"
    for imported in imports(path) - {family}:
        lower = FLOORS[imported] < FLOORS[family]
        assert lower or (family, imported) in SHARED, f"{path.name} ({family}) imports {imported}"
