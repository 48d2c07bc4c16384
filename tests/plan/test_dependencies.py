"""Language packages are kept whole, with what they declare."""

from __future__ import annotations

import pytest

from jettison.packages.model import Package
from jettison.plan.dependencies import Language, requirements
from make import tree

NODE = tree(
    {
        "/app/package.json": b'{"dependencies": {"a": "1"}, "devDependencies": {"d": "1"}}',
        "/app/node_modules/a/package.json": b'{"version": "1.2", "dependencies": {"b": "1"}}',
        "/app/node_modules/a/late.js": b"x",
        "/app/node_modules/a/README.md": b"x",
        "/app/node_modules/a/node_modules/b/index.js": b"x",
        "/app/node_modules/b/index.js": b"x",
        "/app/node_modules/d/index.js": b"x",
        "/app/node_modules/@s/c/index.js": b"x",
        "/usr/local/lib/node_modules/npm/lib/npm.js": b"x",
        "/usr/local/lib/node_modules/npm/node_modules/z/index.js": b"x",
    }
)
PYTHON = tree(
    {
        "/s/site-packages/flask/app.py": b"x",
        "/s/site-packages/flask-2.dist-info/METADATA": (
            b"Metadata-Version: 2.1\nName: flask\nRequires-Dist: Jinja2 >=3\nRequires-Dist: pytest ; extra == 'dev'\n"
        ),
        "/s/site-packages/jinja2/late.py": b"x",
        "/s/site-packages/pytest/x.py": b"x",
        "/s/site-packages/pip/x.py": b"x",
        "/s/site-packages/loose/x.py": b"x",
        "/s/site-packages/loose/y.py": b"x",
        "/app/requirements.txt": b"# ours\n-r other.txt\nFlask==2\n",
        "/app/pyproject.toml": b'[project]\ndependencies = ["flask>=2"]\n',
    }
)
FLASK = Package(
    "pypi", "flask", "2", files=frozenset({"/s/site-packages/flask/app.py"}),
    records=frozenset({"/s/site-packages/flask-2.dist-info/METADATA"}),
)  # fmt: skip
JINJA = Package("pypi", "jinja2", "3", files=frozenset({"/s/site-packages/jinja2/late.py"}))
PYTEST = Package("pypi", "pytest", "7", files=frozenset({"/s/site-packages/pytest/x.py"}))
PIP = Package("pypi", "pip", "23", files=frozenset({"/s/site-packages/pip/x.py"}))
PACKAGES = (FLASK, JINJA, PYTEST, PIP)


def test_a_node_package_is_whole_with_what_it_declares_but_not_its_neighbours() -> None:
    found = Language(NODE, ()).whole(["/app/node_modules/a/late.js"])
    assert set(found) == {
        "/app/node_modules/a/package.json",
        "/app/node_modules/a/late.js",
        "/app/node_modules/a/node_modules/b/index.js",
    }
    assert found["/app/node_modules/a/late.js"].by == "a 1.2"


def test_what_never_runs_stays_at_safe() -> None:
    assert "/app/node_modules/a/README.md" in Language(NODE, ()).whole(["/app/node_modules/a/late.js"], with_all=True)


def test_an_application_declares_its_production_dependencies() -> None:
    found = Language(NODE, ()).declared(["/app/package.json"])
    assert "/app/node_modules/a/late.js" in found
    assert "/app/node_modules/d/index.js" not in found


def test_a_scoped_package_is_one_unit() -> None:
    unit = Language(NODE, ()).unit("/app/node_modules/@s/c/index.js")
    assert unit is not None
    assert (unit.name, unit.root) == ("@s/c", "/app/node_modules/@s/c")


@pytest.mark.parametrize(
    "path", ["/usr/local/lib/node_modules/npm/lib/npm.js", "/usr/local/lib/node_modules/npm/node_modules/z/index.js"]
)
def test_a_package_manager_is_not_kept_whole(path: str) -> None:
    assert Language(NODE, ()).whole([path]) == {}


def test_a_python_distribution_is_whole_with_its_records_and_requirements() -> None:
    found = Language(PYTHON, PACKAGES).whole(["/s/site-packages/flask/app.py"])
    assert set(found) == {
        "/s/site-packages/flask/app.py",
        "/s/site-packages/flask-2.dist-info/METADATA",
        "/s/site-packages/jinja2/late.py",
    }


def test_a_module_that_no_distribution_owns_is_whole_by_its_directory() -> None:
    found = Language(PYTHON, PACKAGES).whole(["/s/site-packages/loose/x.py"])
    assert set(found) == {"/s/site-packages/loose/x.py", "/s/site-packages/loose/y.py"}


def test_pip_is_not_kept_whole() -> None:
    assert Language(PYTHON, PACKAGES).whole(["/s/site-packages/pip/x.py"]) == {}


@pytest.mark.parametrize("manifest", ["/app/requirements.txt", "/app/pyproject.toml"])
def test_python_manifests_declare(manifest: str) -> None:
    assert "/s/site-packages/jinja2/late.py" in Language(PYTHON, PACKAGES).declared([manifest])


def test_broken_manifests_declare_nothing() -> None:
    broken = tree({"/app/package.json": b"{", "/app/pyproject.toml": b"=", "/b/package.json": b"[1]"})
    assert Language(broken, ()).declared(["/app/package.json", "/app/pyproject.toml", "/b/package.json", "/c"]) == {}


def test_requires_txt_stops_at_its_extras() -> None:
    assert requirements("click>=8\nWerkzeug\n\n[async]\nasgiref\n") == ["click", "Werkzeug"]
