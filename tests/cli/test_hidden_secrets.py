"""What a user is shown of an image holds no secret that its instructions hold."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jettison.oci.config import History
from jettison.oci.image import Image
from jettison.oci.layout import Store
from samples import sample

pytestmark = pytest.mark.integration

SECRET = "Qw3rTy99Zz"
INSTRUCTIONS = (
    f'RUN /bin/sh -c echo "machine x login y password {SECRET}" > /root/.netrc # buildkit',
    f"RUN |1 NPM_TOKEN={SECRET} /bin/sh -c mysql -u root -p{SECRET} # buildkit",
    f'/bin/sh -c echo \'{{"auths":{{"r.io":{{"auth":"{SECRET}"}}}}}}\' > /root/.docker/config.json',
    "RUN /bin/sh -c rm /root/.netrc # buildkit",
)
LAYERS = (
    {"/root/.netrc": f"machine x login y password {SECRET}\n".encode()},
    {"/app/node_modules/a/package.json": b'{"name": "a", "version": "1.0.0"}'},
    {"/root/.docker/config.json": f'{{"auths":{{"r.io":{{"auth":"{SECRET}"}}}}}}'.encode()},
    {"/root/.wh..netrc": b""},
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a store that has ``app:1``, and ``app:2`` of another configuration."""
    directory = tmp_path_factory.mktemp("hidden")
    store = Store.open(directory / "store")
    made = sample(store, *LAYERS)
    history = tuple(map(History, INSTRUCTIONS))
    for tag, word in (("1", SECRET), ("2", "other")):
        container = replace(made.config.container, env=(f"DB_PASSWORD={word}",), labels={"token": word})
        image = store.put_image(Image(replace(made.config, history=history, container=container), made.layers))
        assert image.descriptor is not None
        store.tag(f"docker.io/library/app:{tag}", image.descriptor)
    return directory


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("scan", "app:1"), "secret-netrc"),
        *((("scan", "--weaknesses", "--format", name, "app:1"), "…") for name in ("json", "sarif", "table")),
        *((("scan", "--format", name, "app:1"), "") for name in ("cyclonedx", "spdx")),
        (("inspect", "--json", "app:1"), "mysql -u root -p…"), (("inspect", "app:1"), "…"),
        (("inspect", "--html", "page.html", "app:1"), "…"), (("diff", "app:1", "app:2"), "…"),
        (("diff", "--json", "app:1", "app:2"), "Env DB_PASSWORD"),
    ],
)  # fmt: skip
def test_no_output_holds_the_secret(place: Path, arguments: tuple[str, ...], shown: str) -> None:
    command = [sys.executable, "-m", "jettison", "--store", "store", *arguments]
    done = subprocess.run(command, cwd=place, text=True, capture_output=True, timeout=60)
    pages = "".join(page.read_text() for page in place.glob("*.html"))
    assert "Traceback" not in done.stderr
    assert done.stdout, done.stderr
    assert shown in done.stdout.replace("\\u2026", "…")
    assert SECRET not in done.stdout + done.stderr + pages
