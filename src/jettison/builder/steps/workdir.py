"""``WORKDIR``: made where it is missing."""

from __future__ import annotations

import os
import posixpath
from typing import cast

from jettison.builder import chain
from jettison.builder.change import Workspace, change
from jettison.builder.copying import Copier
from jettison.builder.stage import Stage
from jettison.dockerfile.model import Instruction, Text
from jettison.runtime.users import inside_root


def workdir(stage: Stage, instruction: Instruction) -> None:
    """Relative to the one before; the directory belongs to root, whatever USER is, as BuildKit makes it."""
    text = stage.expand(instruction, cast(Text, instruction.payload).text)
    path = posixpath.normpath(posixpath.join("/", stage.workdir, text))
    path = f"/{path.lstrip('/')}"
    stage.config = stage.config.with_container(working_dir=path)

    def work(space: Workspace) -> None:
        if not os.path.isdir(inside_root(space.root.path, path)):
            Copier(space.root.path).directory(path)

    change(stage, f"WORKDIR {path}", chain.cache_key(stage.key, "WORKDIR", path), work)
