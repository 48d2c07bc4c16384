"""``--engine docker``: build with the user's Docker, and bring the result into the store."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from jettison.builder.model import Options
from jettison.errors import BuildError, Unsupported
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.transfer import resolve


def build(
    store: Store, directory: Path, dockerfile: Path | None, options: Options, secrets: tuple[str, ...] = (),
    progress: str = "auto",
) -> Image:  # fmt: skip
    """Run ``docker build``; its progress goes to standard error as it is. ``secrets`` are ``--secret`` values.

    Raises ``Unsupported`` where there is no docker command, ``BuildError`` where the build fails.
    """
    with tempfile.TemporaryDirectory(prefix="jettison-") as scratch:
        iidfile = Path(scratch) / "iid"
        command = ["docker", "build", "--iidfile", str(iidfile)]
        # Docker without BuildKit knows no --progress, so nothing is said where nothing was asked for.
        command += {"auto": [], "quiet": ["--quiet"]}.get(progress, [f"--progress={progress}"])
        command += _arguments(dockerfile, options, secrets)
        try:
            code = subprocess.run([*command, str(directory)], stdout=subprocess.DEVNULL, check=False).returncode
        except FileNotFoundError as error:
            raise Unsupported("cannot build with --engine docker: there is no docker command") from error
        if code:
            raise BuildError(f"cannot build {directory} with Docker: docker build ended with exit code {code}")
        return resolve(store, f"docker-daemon:{iidfile.read_text().strip()}", None, "missing", options.transfers)


def _arguments(dockerfile: Path | None, options: Options, secrets: tuple[str, ...]) -> list[str]:
    words: list[str] = []
    for flag, value in (
        ("--file", dockerfile),
        ("--target", options.target),
        ("--platform", options.platform),
        ("--network", None if options.network == "default" else options.network),
    ):
        if value:
            words += [flag, str(value)]
    for name, value in options.args.items():
        words += ["--build-arg", f"{name}={value}"]
    for name, value in options.labels.items():
        words += ["--label", f"{name}={value}"]
    for secret in secrets:
        words += ["--secret", secret]
    words += ["--no-cache"] if options.no_cache else []
    return words + (["--pull"] if options.pull else [])
