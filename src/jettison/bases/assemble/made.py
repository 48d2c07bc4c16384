"""What maintainer scripts would have made and programs need. The scripts themselves are never run.

Not made, since nothing at run time needs it: ``/etc/ld.so.cache`` (the loader looks into Debian's directories by
itself), the hashed names in ``/etc/ssl/certs`` (OpenSSL's default file is the bundle), byte-compiled Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jettison.bases.assemble import keystore, slices
from jettison.bases.assemble.root import Root
from jettison.errors import InvalidInput, NotFound
from jettison.filetree import FileEntry, Kind

#: Of what ``/usr`` has, ``/`` has links (usrmerge; Debian bookworm, Ubuntu noble). The loader of amd64 and ppc64el
#: is in lib64 by their ABI.
_MERGED = ("bin", "lib", "sbin")
_MERGED_64 = frozenset({"amd64", "ppc64el"})

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
_MOZILLA = "/usr/share/ca-certificates/mozilla"
_JAVA = "/etc/ssl/certs/java/cacerts"
NONROOT = 65532

#: The users and groups of distroless, where base-passwd brings no list of its own.
_PASSWD = "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n"
_GROUP = "root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\n"
_NONROOT_PASSWD = f"nonroot:x:{NONROOT}:{NONROOT}:nonroot:/home/nonroot:/sbin/nologin\n"
_NONROOT_GROUP = f"nonroot:x:{NONROOT}:\n"
_NSSWITCH = (
    "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n"
)


def before(root: Root, architecture: str) -> None:
    """The links of merged ``/usr``, through which older packages reach it."""
    for name in (*_MERGED, *(["lib64"] if architecture in _MERGED_64 else [])):
        root.directory(f"/usr/{name}")
        root.link(f"/{name}", f"usr/{name}")


def after(root: Root, epoch: int) -> None:
    """All the rest, once every package is laid."""
    _directories(root)
    _users(root)
    _certificates(root, epoch)
    if "/etc/nsswitch.conf" not in root.entries:  # base-files' postinst copies its own
        root.file("/etc/nsswitch.conf", _text(root, "/usr/share/base-files/nsswitch.conf") or _NSSWITCH.encode())
    if "/usr/share/zoneinfo/Etc/UTC" in root.entries:  # tzdata's postinst
        root.link("/etc/localtime", "/usr/share/zoneinfo/Etc/UTC")
        root.file("/etc/timezone", b"Etc/UTC\n")


def _directories(root: Root) -> None:
    for path in ("/dev", "/etc", "/home", "/proc", "/run", "/sys", "/var"):
        if path not in root.entries:
            root.directory(path)
    for path in ("/tmp", "/var/tmp"):
        root.directory(path, 0o1777)
    root.directory("/root", 0o700)
    root.directory("/home/nonroot", 0o700, NONROOT, NONROOT)
    if "/var/run" not in root.entries:  # base-files' postinst
        root.link("/var/run", "/run")


def _users(root: Root) -> None:
    """base-passwd's postinst copies its masters; ``nonroot`` is the user that distroless has."""
    for name, master, default, more in (
        ("passwd", "passwd.master", _PASSWD, _NONROOT_PASSWD),
        ("group", "group.master", _GROUP, _NONROOT_GROUP),
    ):
        text = _text(root, f"/etc/{name}") or _text(root, f"/usr/share/base-passwd/{master}") or default.encode()
        root.file(f"/etc/{name}", text + more.encode())


def _certificates(root: Root, epoch: int) -> None:
    """What update-ca-certificates makes of the package's files, and the postinst of ca-certificates-java."""
    found = [(entry, root.tree.read(entry)) for entry in _authorities(root)]
    if not found:
        return
    root.file(BUNDLE, b"".join(pem if pem.endswith(b"\n") else pem + b"\n" for _, pem in found))
    if any(entry.target == _JAVA for entry in root.entries.values()):
        root.file(_JAVA, keystore.keystore([(f"debian:{e.name.lower()}", pem) for e, pem in found], epoch))


def _authorities(root: Root) -> Iterator[FileEntry]:
    for path in sorted(root.entries):
        entry = root.entries[path]
        if entry.parent == _MOZILLA and entry.kind is Kind.FILE and path.endswith(".crt"):
            yield entry


def alternatives(root: Root, wanted: Mapping[str, str], kept: frozenset[str]) -> list[str]:
    """Links that update-alternatives would make to what is in ``kept``, without its detour; gives their paths."""
    found = []
    for link, path in sorted(wanted.items()):
        there = root.tree.walk(link, follow_last=False)[0] is not None
        if not there and root.tree.walk(path, follow_last=False)[0] in kept:
            found.append(root.link(link, path))
    return found


def links(root: Root, wanted: Mapping[str, str]) -> None:
    """Links that were asked for, each to the one path that its pattern matches."""
    for path, pattern in sorted(wanted.items()):
        found = [known for known in sorted(root.entries) if slices.full(pattern, known)]
        if not found:
            raise NotFound(f"cannot link {path}: nothing matches {pattern}")
        if len(found) > 1:
            raise InvalidInput(f"cannot link {path}: {pattern} matches both {found[0]} and {found[1]}")
        root.link(path, found[0])


def _text(root: Root, path: str) -> bytes:
    entry = root.entries.get(path)
    return root.tree.read(entry) if entry is not None and entry.kind is Kind.FILE else b""
