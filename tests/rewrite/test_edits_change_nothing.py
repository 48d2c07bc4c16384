"""Built before and after an edit, images hold the same files; only the layers are smaller."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.dockerfiles import BASE, BASE_NAME, make_context
from jettison.builder import build
from jettison.dockerfile import Context, open_context
from jettison.filetree import FileTree, index
from jettison.oci.layout import Store
from jettison.rewrite.fix import fix
from jettison.rewrite.lint import choose
from tools import need

pytestmark = pytest.mark.integration

SAFE = {
    "mode": ("chown-copy", "COPY file /opt/file\nRUN chmod 711 /opt/file"),
    "executable": ("chown-copy", "COPY file script /opt/\nCOPY file /opt/\nRUN chmod +x /opt/file"),
    "owner": ("chown-copy", "WORKDIR /srv\nCOPY file .\nRUN chown app:staff /srv/file"),
    "owner-without-group": ("chown-copy", "COPY file /file\nRUN chown app /file && echo done > /log"),
    "joined": ("removed-in-later-layer", "RUN cp /bin/busybox /busybox\n# use it\nRUN /busybox true && rm /busybox"),
    "joined-after-or": ("removed-in-later-layer", "RUN false || cp /bin/busybox /big\nRUN echo a > /log && rm /big"),
}
#: Right where nothing else was in the directory, as here.
PROVED = {
    "directory": ("chown-copy", "WORKDIR /srv\nCOPY dir .\nCOPY file new/\nRUN chown -R app:app /srv"),
    "owner-and-mode": ("chown-copy", "COPY hard /h\nRUN chown -R 1000:50 /h && chmod -R 750 /h"),
}


class Bench:
    """A store with the base image, and a context."""

    def __init__(self, directory: Path) -> None:
        make_context(directory / "context")
        self.context: Context = open_context(directory / "context")
        self.store = Store.open(directory / "store")
        build(self.store, self.context.directory, BASE, tag=BASE_NAME)

    def build(self, text: str) -> tuple[FileTree, int]:
        """The files, and the bytes of all layers."""
        image = build(self.store, self.context.directory, text).image
        return index(self.store.snapshots(image)), image.compressed_bytes


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    need("runc", "busybox")
    return Bench(tmp_path_factory.mktemp("bench"))


def files(tree: FileTree) -> dict[str, str]:
    return {path: f"{tree[path]} {sorted(tree[path].xattrs.items())}" for path in tree}


@pytest.mark.parametrize("name", [*SAFE, *PROVED])
def test_an_edit_changes_only_the_layers(bench: Bench, name: str) -> None:
    rule, rest = {**SAFE, **PROVED}[name]
    text = f"FROM {BASE_NAME}\n{rest}\n"
    mended, applied = fix(text, context=bench.context, rules=choose([rule]), unsafe=name in PROVED)
    assert applied
    before, after = bench.build(text), bench.build(mended)
    assert files(after[0]) == files(before[0])
    assert after[1] < before[1]
