"""A root file system: snapshots laid over each other by overlayfs, with a writable directory on top."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jettison.errors import ContainerError
from jettison.runtime import kernel


@dataclass(frozen=True, slots=True)
class Rootfs:
    """``path`` is where it is mounted; ``upper`` is where changes are kept, in overlayfs form."""

    path: Path
    upper: Path


@contextmanager
def mounted(lowers: Sequence[Path], scratch: Path, *, readonly: bool = False) -> Iterator[Rootfs]:
    """Mount ``lowers`` (lowest first) below a fresh directory in ``scratch``, which must be on a local file system.

    Metadata-only copies and redirected directories are off, so that ``upper`` can be made into a layer.
    """
    path, upper, work, links = (scratch / name for name in ("rootfs", "upper", "work", "l"))
    for directory in (path, upper, work, links):
        directory.mkdir(mode=0o755)
    # mount(2) takes one page of options: short links to the snapshots make room for about 120 of them.
    for number, lower in enumerate(lowers):
        os.symlink(lower, links / str(number))
    short = [str(number) for number in reversed(range(len(lowers)))]
    if not short or (readonly and len(short) == 1):
        (links / "e").mkdir()
        short.append("e")
    options = f"lowerdir={':'.join(short)},redirect_dir=off,metacopy=off,index=off"
    if not readonly:
        options += ",upperdir=../upper,workdir=../work"
    _mount(path, links, options, readonly)
    try:
        yield Rootfs(path, upper)
    finally:
        _unmount(path)


def _mount(path: Path, directory: Path, options: str, readonly: bool) -> None:
    """The options name directories relative to ``directory``, so a process of its own works there."""
    flags = kernel.MS_RDONLY if readonly else 0
    pid = os.fork()
    if pid == 0:
        try:
            os.chdir(directory)
            kernel.mount("overlay", str(path), "overlay", flags, options)
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    number = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if number:
        raise ContainerError(f"cannot mount the root file system by overlayfs: {os.strerror(number)}")


def _unmount(path: Path) -> None:
    try:
        kernel.umount(str(path))
    except OSError:
        kernel.umount(str(path), kernel.MNT_DETACH)  # something still runs in it; it goes with the last user
