"""Build Dockerfiles without a daemon.

A build is a graph of stages; a stage is a chain of snapshots that its instructions extend, each kept under a key
made of all that goes into it, so that the next build finds it; the layers of the image are written while later
steps run.
"""

from __future__ import annotations

from pathlib import Path

from jettison.builder import engine
from jettison.builder.model import BuildResult, Options, Progress, Timing
from jettison.dockerfile import open_context, parse
from jettison.errors import InvalidInput, NotFound
from jettison.oci.layout import Store

__all__ = ["BuildResult", "Options", "Progress", "Timing", "build"]


def build(
    store: Store,
    directory: Path,
    dockerfile: Path | str | None = None,
    options: Options = Options(),  # noqa: B008  # frozen
    *,
    tag: str | None = None,
) -> BuildResult:
    """Build ``directory`` by ``dockerfile`` (a file, or the text itself; default: the Dockerfile in it).

    ``tag`` is a full reference that the image gets in the store. Raises ``DockerfileError``, ``Unsupported`` (before
    anything is built), ``BuildError`` (a step failed), ``PrivilegeRequired``, ``NotFound``, and what pulling raises.
    """
    directory = directory.absolute()
    file = None if isinstance(dockerfile, str) else (dockerfile or directory / "Dockerfile")
    context = open_context(directory, file)
    text = dockerfile if isinstance(dockerfile, str) else read(file or directory / "Dockerfile")
    result = engine.run(store, parse(text, file.name if file else "Dockerfile"), context, options)
    if tag and result.image.descriptor:
        store.tag(tag, result.image.descriptor)
    return result


def read(file: Path) -> str:
    """A Dockerfile's text. Raises ``NotFound`` and ``InvalidInput``."""
    try:
        return file.read_bytes().decode("utf-8")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise NotFound(f"cannot build: there is no Dockerfile at {file}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"cannot read {file}: it is not UTF-8") from error
