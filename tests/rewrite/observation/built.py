"""An original with much that is easily lost, and how what is built is compared with what is carved."""

from __future__ import annotations

from builder.dockerfiles import BASE_NAME
from jettison.attribution import attribute
from jettison.closure.model import Evidence
from jettison.dockerfile import parse
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.oci.config import ImageConfig
from jettison.oci.image import Image
from jettison.packages import catalog
from jettison.plan import Plan, Policy
from jettison.rewrite.observation import Observed, write

#: Buildah 1.28 leaves in the image what it mounts on; and times of what a build mounts on are the build's.
MOUNT_POINTS = {"/", "/dev", "/proc", "/sys", "/run", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}
#: The rest is Buildah's, or Docker's from long ago.
SAID = {"Env", "Entrypoint", "Cmd", "User", "ExposedPorts", "Volumes", "StopSignal", "Healthcheck", "Shell"}
WHY = (Evidence("opened", "sh in default"),)

LINKS = f"""FROM {BASE_NAME}
WORKDIR /dev/shm
WORKDIR /proc
RUN mkdir -p /app/bin /app/data /var/empty /var/log/app /opt/odd && cd /app && echo one >bin/one \\
    && ln bin/one bin/two \\
    && ln -s ../data bin/link && ln -s /etc/passwd bin/absolute && chmod 4755 bin/one && echo x >data/x \\
    && chown -R 1000:1000 data && chmod 2770 data && mkfifo data/pipe && chmod 700 /var/empty \\
    && chmod 1777 /var/log/app \\
    && touch -d '2001-02-03 04:05:06' data/x bin/link bin && echo no >data/no
RUN cd /opt/odd && touch 'a b' "it's" '$HOME' '#hash' -- '-dash' \\
    'back\\slash' '*' "$(printf 'n\\nl')" "$(printf '\\377')"
USER app
WORKDIR /app
SHELL ["/bin/sh", "-ec"]
ENV GREETING="hello  \\"world\\"" PRICE=\\$5 EMPTY=
LABEL "a b"="c 'd'"
EXPOSE 80 53/udp
VOLUME /home
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=90s --timeout=1500ms --retries=2 CMD wget -q localhost || exit 1
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["echo \\"$GREETING\\""]
"""
LINKS_KEPT = (
    "/bin/busybox", "/bin/sh", "/bin/echo", "/lib", "/usr/lib", "/link", "/data/kept", "/etc/passwd", "/tmp",
    "/var/empty", "/dev", "/dev/shm", "/proc",
    "/var/log/app", "/app/bin", "/app/bin/one", "/app/bin/two", "/app/bin/link", "/app/bin/absolute", "/app/data/x",
    "/app/data/pipe", "/home",
)  # fmt: skip


def observed(
    image: Image, tree: FileTree, kept: set[str], dockerfile: str | None, base: tuple[str, FileTree] | None = None
) -> Observed:
    """As ``shrink`` would have it, with a plan of ``kept`` and the records that ``trim`` gives."""
    packages = catalog(tree)
    plan = Plan(Policy.BALANCED, dict.fromkeys(sorted(tree.subset(kept)), WHY))
    parsed = parse(dockerfile) if dockerfile else None
    return write(parsed, BASE_NAME, image.config, tree, plan, packages, attribute(image, tree, packages), base=base)


def lines(tree: FileTree, *, built_again: bool = False) -> dict[str, str]:
    """Path -> all that is compared. BusyBox's tar gives symlinks no times; a build makes /dev/shm and files in /etc.

    Where the original was ``built_again`` only the times are compared that it sets itself.
    """
    names: dict[tuple[int, int], str] = {}
    return {path: _line(tree[path], names, built_again) for path in sorted(tree) if path not in MOUNT_POINTS}


def _line(entry: FileEntry, names: dict[tuple[int, int], str], built_again: bool) -> str:
    odd = (
        entry.kind is Kind.SYMLINK
        or entry.path in ("/etc", "/dev/shm")
        or (built_again and entry.mtime > 1_600_000_000)
    )
    time = "" if odd else entry.mtime
    parts = [entry, time, sorted(entry.xattrs.items()), entry.device]
    if entry.inode:
        parts.append(f"same as {names.setdefault(entry.inode, entry.path)}")
    return " ".join(map(str, parts))


def settings(config: ImageConfig) -> dict[str, object]:
    """What is said of how it runs; an empty list and none are the same, and so are / and no working directory."""
    said = {key: value for key, value in config.container.to_json().items() if value and key in SAID}
    labels = {name: text for name, text in config.container.labels.items() if name != "io.buildah.version"}
    return {**said, "Labels": labels, "WorkingDir": config.container.working_dir or "/"}
