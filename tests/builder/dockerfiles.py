"""Small Dockerfiles for the comparison with Buildah, and the context that they are built in.

``BASE`` is a tiny system with a shell; every Dockerfile but the last few stands on it.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

BASE_NAME = "localhost/tiny:latest"
BASE = """
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY passwd group /etc/
RUN mkdir -p /tmp /home/app /usr/lib /data/old && chmod 1777 /tmp && ln -s usr/lib /lib && ln -s /data /link \\
    && echo old > /data/old/file && echo kept > /data/kept && chown 1000:1000 /home/app
"""

CASES = {
    "env": "ENV A=1 B='two words' C=$A\nENV A=3",
    "env-legacy": "ENV KEY some value  with spaces",
    "env-expansion": 'ENV A=x\nENV B=${A}y C=${D:-d} E="${A:+set}" F=\\$A',
    "label": 'LABEL a=1 "b c"="d e" f=$HOME',
    "cmd-shell": "CMD echo $HOME",
    "cmd-exec": 'CMD ["echo", "hi"]',
    "entrypoint-resets-cmd": 'CMD ["a"]\nENTRYPOINT ["b"]',
    "entrypoint-then-cmd": 'ENTRYPOINT ["b"]\nCMD ["c"]',
    "shell": 'SHELL ["/bin/sh", "-ec"]\nRUN echo $0 > /out',
    "user": "USER app\nRUN id > /tmp/id && touch /tmp/mine",
    "user-numeric": "USER 1234:5678\nRUN id -u > /tmp/id && id -g >> /tmp/id",
    "workdir": "WORKDIR /a/b\nWORKDIR c\nRUN pwd > where",
    "workdir-variable": "ENV D=/srv\nWORKDIR $D/x",
    "expose": "EXPOSE 80 53/udp 8000",
    "volume": 'VOLUME ["/tmp", "/data"]\nVOLUME /home',
    "stopsignal": "STOPSIGNAL SIGQUIT",
    "healthcheck": "HEALTHCHECK --interval=5s --timeout=2s --retries=4 CMD wget -q localhost",
    "healthcheck-none": "HEALTHCHECK NONE",
    "onbuild": "ONBUILD COPY . /x\nONBUILD RUN true",
    "arg": "ARG V=1\nARG W\nRUN echo $V-$W > /out",
    "run-exec": 'RUN ["/bin/sh", "-c", "echo $0 $HOME > /out"]',
    "run-changes": "RUN rm -rf /data/old && mkdir /data/old && echo new > /data/old/new && chmod 600 /data/kept",
    "run-links": "RUN cd /data && ln kept hard && ln -s kept soft && mkfifo pipe",
    "run-owner": "RUN chown -R app:app /data && chmod 4755 /data/kept && mkdir -m 2770 /group",
    "run-removes": "RUN rm /data/kept /link",
    "copy-file": "COPY file /file",
    "copy-file-into": "COPY file /data/\nCOPY file /new/dir/",
    "copy-file-existing-dir": "COPY file /data",
    "copy-dir": "COPY dir /dir",
    "copy-dir-over": "COPY dir /data/old",
    "copy-dot": "WORKDIR /w\nCOPY . .",
    "copy-several": "COPY file script dir /x/",
    "copy-glob": "COPY f* /g/",
    "copy-glob-class": "COPY [st]c?[iz]pt /g/",
    "copy-mode": "COPY script /usr/bin/script",
    "copy-symlinks": "COPY dir/links /links",
    "copy-hardlinks": "COPY hard /hard",
    "copy-chown-name": "COPY --chown=app:app dir /d",
    "copy-chown-number": "COPY --chown=7:8 file dir /d/",
    "copy-chmod": "COPY --chmod=640 file /f",
    "copy-through-link": "COPY file /link/f\nCOPY dir /lib/d",
    "copy-relative": "WORKDIR /w\nCOPY file ./sub/\nCOPY dir/a b",
    "copy-json": 'COPY ["name with space", "/n s"]',
    "copy-outside": "COPY ../file /f",
    "add-file": "ADD file /f",
    "add-tar": "ADD plain.tar /t/",
    "add-tar-gz": "ADD packed.tar.gz /t",
    "add-tar-xz": "ADD packed.tar.xz /data",
    "add-tar-bz2": "ADD packed.tar.bz2 /t/u/v/",
    "copy-tar": "COPY packed.tar.gz /t",
}

STAGES = {
    "from-stage": "FROM {base} AS one\nRUN echo 1 > /one && chown 5:6 /one\nFROM {base}\nCOPY --from=one /one /two",
    "from-stage-dir": "FROM {base} AS one\nFROM {base}\nCOPY --from=one /data /copy\nCOPY --from=0 /lib /l",
    "stage-on-stage": "FROM {base} AS one\nENV A=1\nRUN echo $A > /a\nFROM one\nRUN cat /a > /b",
    "unused-stage": "FROM {base} AS one\nRUN false\nFROM {base}\nRUN true > /ok",
    "scratch": "FROM scratch\nCOPY file /file\nCMD [\"/file\"]",
    "global-arg": "ARG N={base}\nFROM $N\nARG N\nRUN echo $N > /n",
    "mount-bind": "FROM {base}\nRUN --mount=type=bind,source=dir,target=/data/x cat /data/x/a > /got",
    "mount-cache": "FROM {base}\nRUN --mount=type=cache,target=/data/x echo 1 > /data/x/f",
    "mount-tmpfs": "FROM {base}\nRUN --mount=type=tmpfs,target=/scratch echo 1 > /scratch/f",
    "mount-from": "FROM {base} AS one\nRUN echo s > /s\n"
    "FROM {base}\nRUN --mount=type=bind,from=one,target=/o cat /o/s > /t",
}  # fmt: skip


def dockerfiles() -> dict[str, str]:
    """Name -> text."""
    plain = {name: f"FROM {BASE_NAME}\n{text}\n" for name, text in CASES.items()}
    return plain | {name: text.replace("{base}", BASE_NAME) + "\n" for name, text in STAGES.items()}


def make_context(directory: Path) -> None:
    """Files of all kinds and modes, with fixed times."""
    directory.mkdir()
    shutil.copy("/bin/busybox", directory / "busybox")
    (directory / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n")
    (directory / "group").write_text("root:x:0:\napp:x:1000:\nstaff:x:50:app\n")
    (directory / "file").write_text("file\n")
    (directory / "name with space").write_text("spaced\n")
    (directory / "script").write_text("#!/bin/sh\necho script\n")
    (directory / "script").chmod(0o755)
    nested = directory / "dir" / "links"
    nested.mkdir(parents=True)
    (directory / "dir" / "a").write_text("a")
    (directory / "dir" / "private").mkdir(mode=0o700)
    (directory / "dir" / "private" / "b").write_text("b")
    for name, target in (("relative", "../a"), ("dangling", "nowhere"), ("absolute", "/etc/passwd"), ("up", "..")):
        (nested / name).symlink_to(target)
    (directory / "hard").mkdir()
    (directory / "hard" / "one").write_text("hard")
    os.link(directory / "hard" / "one", directory / "hard" / "two")
    os.chown(directory / "file", 33, 33)
    for place, _, names in os.walk(directory, topdown=False):
        for name in names:
            os.utime(Path(place, name), (1_600_000_000, 1_600_000_000), follow_symlinks=False)
        os.utime(place, (1_600_000_000, 1_600_000_000))
    for name, mode in (
        ("plain.tar", "w"),
        ("packed.tar.gz", "w:gz"),
        ("packed.tar.xz", "w:xz"),
        ("packed.tar.bz2", "w:bz2"),
    ):
        with tarfile.open(directory / name, mode) as archive:
            archive.add(directory / "dir", "dir", filter=_owned)
            archive.add(directory / "script", "old/file", filter=_owned)


def _owned(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid, member.gid, member.uname, member.gname = 10, 20, "", ""
    return member
