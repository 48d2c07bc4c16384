"""Where a path comes from: layer, instruction, package; and which paths are the application's own.

A base image is as flat as what was built on it, so "the application's own" is a judgement: files that no package
owns, that lie where applications live (the working directory, the directories of the command, ``/app``, ``/srv``,
top-level directories that no distribution has), or that a ``COPY`` or ``ADD`` above the base brought. Caches and
toolchains are never the application's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.oci.config import ContainerConfig, History
from jettison.oci.image import Image
from jettison.packages.model import Package
from jettison.redaction import hidden

#: Where applications live by custom, whoever made the image.
CUSTOMARY = (
    "/app", "/apps", "/application", "/code", "/srv", "/opt", "/usr/src/app", "/usr/src/myapp", "/usr/app",
    "/var/www", "/var/task", "/var/lib/www", "/usr/share/nginx/html", "/usr/local/apache2/htdocs", "/home", "/root",
)  # fmt: skip
#: Top-level names that distributions and container engines make; any other one is the application's.
SYSTEM_TOP = frozenset({
    "bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt", "proc",
    "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var", "go", "lost+found", "nix",
})  # fmt: skip
#: Toolchains and package managers that lie in customary places without a package of their own.
TOOLCHAINS = re.compile(
    r"/usr/local/(go|cargo|rustup|include|lib/go|share/(man|doc|info))(/|$)"
    r"|/(root|home/[^/]+)/(\.cargo|\.rustup|\.nvm|\.pyenv|\.rbenv|\.sdkman)(/|$)"
    r"|.*/bin/(pip|easy_install|wheel|activate|Activate)[^/]*$"
    r"|/usr/local/bin/(node|nodejs|npm|npx|yarn|yarnpkg|corepack|python|idle|pydoc|2to3|ruby|gem|bundle|irb|php|perl)[^/]*$"
    r"|/opt/(yarn|pnpm|go|gradle|maven|rustup)[^/]*(/|$)|/go/(pkg|bin|src/(golang\.org|github\.com))(/|$)"
)
#: Where Go and Rust install programs, beside the toolchain's own.
_INSTALLED = re.compile(r"/go/bin/[^/]+|.*/\.?cargo/bin/(?!cargo|rust|clippy|rls)[^/]+")
#: What brings files that no package's list has, but that are a package's.
_MANAGES_PACKAGES = re.compile(r"\b(apt|apt-get|aptitude|dpkg|apk|yum|dnf|microdnf|zypper|rpm)\b")
_INSTALLED_DATA = re.compile(r"/usr/(share/(?!(doc|man|info|locale|gtk-doc|help|lintian)/)|libexec/)")
#: Caches and litter, wherever they are.
CACHES = re.compile(
    r"/(\.cache|\.npm|\.yarn|\.pnpm-store|\.m2|\.gradle|\.ivy2|\.nuget|\.composer/cache|\.bundle/cache|__pycache__"
    r"|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.git|\.hg|\.svn|\.local/share/pnpm|\.node-gyp"
    r"|\.parcel-cache|\.eslintcache|\.nyc_output)(/|$)"
    r"|^/(root|home/[^/]+)/\.(bashrc|profile|bash_[a-z]+|zshrc|cshrc|wget-hsts|lesshst|python_history|viminfo)$"
    r"|^/(tmp|var/tmp|var/cache|var/log|var/lib/(apt|dpkg|apk|rpm)|dev|proc|sys|run)(/|$)"
)
_COPIES = re.compile(r"^(?:/bin/sh -c )?(?:#\(nop\) +)?(?:COPY|ADD)\b|^jettison: application\b")
_ADDS_ROOTFS = re.compile(r"^(COPY|ADD)\b.* (in )?/$")
_SETS_COMMAND = re.compile(r"^(?:/bin/sh -c #\(nop\) +)?(?:CMD|ENTRYPOINT)\b")
_PACKAGE_DIRECTORIES = re.compile(
    r"/(node_modules|site-packages|dist-packages|bower_components)(/|$)"
    r"|/gems/[^/]+-\d|/(lib|var/lib)/gems/|/vendor/bundle/|/bundle/ruby/|/usr/local/lib/(python|ruby|perl|php)[^/]*/"
)
_SHARED = frozenset({
    "/", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/dev", "/proc", "/sys", "/run",
    "/tmp", "/var", "/usr", "/go", "/boot", "/media", "/mnt", "/var/lib", "/usr/bin", "/usr/sbin", "/usr/src",
    "/usr/local", "/usr/local/bin", "/usr/local/sbin", "/usr/local/lib", "/usr/local/etc", "/usr/local/share",
    "/usr/local/libexec", "/go/bin", "/go/src",
})  # fmt: skip
_SYSTEM_PREFIXES = (
    "/usr/lib/", "/usr/share/", "/usr/libexec/", "/usr/include/", "/etc/", "/dev/", "/proc/", "/sys/", "/run/",
    "/tmp/", "/lib/", "/var/cache/", "/var/log/", "/var/tmp/", "/var/lib/apt", "/var/lib/dpkg",
)  # fmt: skip
_ROOTFS_MARKS = ("/etc/os-release", "/usr/lib/os-release", "/var/lib/dpkg/status", "/lib/apk/db/installed", "/bin/sh")


@dataclass(frozen=True, slots=True)
class Attribution:
    """What is known of paths before anything ran.

    ``instructions`` has, for each layer, the ``created_by`` of its history; ``owners`` maps each path to the
    package that owns it (a distribution's before a language's); ``application`` maps each of the application's
    own paths to what made it so: a directory, or an instruction, without the secrets in it.
    """

    instructions: tuple[str, ...]
    owners: Mapping[str, Package] = field(default_factory=dict)
    application: Mapping[str, str] = field(default_factory=dict)

    def instruction(self, entry: FileEntry) -> str:
        """The instruction that brought ``entry``; ``""`` where the history does not say."""
        return self.instructions[entry.layer] if entry.layer < len(self.instructions) else ""


def attribute(image: Image, tree: FileTree, packages: Iterable[Package] = ()) -> Attribution:
    """Attribute every path of ``tree``, the root file system of ``image``."""
    packages = tuple(packages)
    instructions = layer_instructions(image.config.history, len(image.layers))
    owners = owners_of(packages)
    own = _application(image, tree, instructions, owners)
    return Attribution(instructions, owners, own)


def layer_instructions(history: Sequence[History], layers: int) -> tuple[str, ...]:
    """``created_by`` for each layer, readable; all empty where the history does not fit the layers."""
    brought = [_readable(line.created_by) for line in history if not line.empty_layer]
    return tuple(brought) if len(brought) == layers else ("",) * layers


def _readable(created_by: str) -> str:
    """Docker's classic builder writes ``/bin/sh -c #(nop) COPY …`` and BuildKit appends ``# buildkit``."""
    text = created_by.removesuffix(" # buildkit").strip()
    if text.startswith("/bin/sh -c #(nop)"):
        return text.removeprefix("/bin/sh -c #(nop)").strip()
    return f"RUN {text.removeprefix('/bin/sh -c ')}" if text.startswith("/bin/sh -c ") else text


def owners_of(packages: Iterable[Package]) -> dict[str, Package]:
    """Path -> package. Where two own a path, a distribution's package wins, then the innermost directory."""
    owners: dict[str, Package] = {}
    for package in sorted(packages, key=lambda p: (p.is_distribution, len(p.root))):
        owners.update(dict.fromkeys(package.files, package))
    return owners


def base_layers(history: Sequence[History]) -> int:
    """How many layers the base seems to have: those before the last CMD that other layers follow.

    Official images end with CMD or ENTRYPOINT, which a child image then leaves behind in the middle of its
    history. 0 where there is no such trace.
    """
    count, marks = 0, [0]
    for line in history:
        if not line.empty_layer:
            count += 1
        elif _SETS_COMMAND.match(line.created_by):
            marks.append(count)
    return max((mark for mark in marks if mark < count), default=0)


def _application(
    image: Image, tree: FileTree, instructions: tuple[str, ...], owners: Mapping[str, Package]
) -> dict[str, str]:
    """Each of the application's own paths -> the directory or the instruction that makes it so."""
    own: dict[str, str] = {}
    for root in application_roots(image.config.container, tree):
        for path in tree.below(root):
            if path not in own and _may_be_own(path, root) and _is_content(tree[path]) and not _packaged(path, owners):
                own[path] = root
    base, shown = base_layers(image.config.history), tuple(map(hidden, instructions))
    copied = _copied_layers(tree, instructions, base)
    for path, entry in tree.items():
        if entry.layer < base or path in own or not _is_content(entry) or not _may_be_own(path):
            continue
        owner = owners.get(path)
        copies = entry.layer in copied and (owner is None or owner.is_distribution)
        installs = base > 0 and owner is None and path.startswith("/usr/local/")
        if copies or installs or (owner is None and _installs_data(path, entry, tree, instructions)):
            own[path] = shown[entry.layer]
    return own | _programs(image.config.container, tree, owners)


def _installs_data(path: str, entry: FileEntry, tree: FileTree, instructions: tuple[str, ...]) -> bool:
    """Whether a RUN that manages no packages put it where data of programs is."""
    said = instructions[entry.layer]
    rootfs = any(mark in tree and tree[mark].layer == entry.layer for mark in _ROOTFS_MARKS)
    managed = rootfs or _MANAGES_PACKAGES.search(said)
    return _INSTALLED_DATA.match(path) is not None and said.startswith("RUN") and not managed


def _programs(container: ContainerConfig, tree: FileTree, owners: Mapping[str, Package]) -> dict[str, str]:
    """What the command names of the programs that no package owns, though packages own the system's."""
    told = any(owner.is_distribution for owner in owners.values())
    words = {word.rpartition("/")[2] for part in container.command for word in part.split()}
    directories = [path for path in container.environment.get("PATH", "").split(":") if path.startswith("/")]
    found = [f"{directory.rstrip('/')}/{word}" for directory in directories for word in words]
    unowned = [path for path in found if path in tree and path not in owners and tree[path].kind is Kind.FILE]
    return {path: "the command" for path in unowned if _INSTALLED.fullmatch(path) or (told and _may_be_own(path))}


def _is_content(entry: FileEntry) -> bool:
    return entry.kind in (Kind.FILE, Kind.SYMLINK)


def _packaged(path: str, owners: Mapping[str, Package]) -> bool:
    """Owned by a package; the application's own ``package.json`` or ``pyproject.toml`` makes it none."""
    owner = owners.get(path)
    if owner is None or owner.is_distribution:
        return owner is not None
    return inside_packages(owner.root) or any(map(inside_packages, owner.records))


def _may_be_own(path: str, root: str = "") -> bool:
    """Not a cache, not a toolchain (unless ``root``, the working directory, lies in it), not a package's."""
    if CACHES.search(path) or inside_packages(path):
        return False
    return not TOOLCHAINS.match(path) or TOOLCHAINS.match(root) is not None


def inside_packages(path: str) -> bool:
    """Whether ``path`` lies where a language's package manager installs packages."""
    return _PACKAGE_DIRECTORIES.search(path) is not None


def _copied_layers(tree: FileTree, instructions: tuple[str, ...], base: int) -> frozenset[int]:
    """The layers above the base that a COPY or ADD brought, except those that bring a whole root file system."""
    rootfs = {tree[mark].layer for mark in _ROOTFS_MARKS if mark in tree}
    return frozenset(
        number
        for number, text in enumerate(instructions)
        if number >= base and number not in rootfs and _COPIES.match(text)
        if number or not _ADDS_ROOTFS.match(text)
    )


def application_roots(container: ContainerConfig, tree: FileTree) -> tuple[str, ...]:
    """The directories that hold the application, outermost first."""
    found = {path for path in CUSTOMARY if path in tree}
    found |= {path for path in tree.children("/") if path[1:] not in SYSTEM_TOP and not path.startswith("/.")}
    places = [container.working_dir, *container.volumes]
    places += [word.rpartition("/")[0] for word in container.command if word.startswith("/")]
    for place in places:
        end, _ = tree.walk(place) if place else (None, ())
        if end and not _is_shared(end):
            found.add(end)
    return tuple(sorted(found, key=lambda path: (path.count("/"), path)))


def _is_shared(path: str) -> bool:
    """A directory that applications share with the system, so that lying in it says nothing."""
    return path in _SHARED or path.startswith(_SYSTEM_PREFIXES)
