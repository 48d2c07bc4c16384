"""What a ``jettison.toml`` says, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

POLICIES = ("safe", "balanced", "tight")
LIBCS = ("glibc", "musl", "none")
#: Of findings, the worst first.
SEVERITIES = ("error", "warning", "info", "style")
#: Of vulnerabilities, the worst first; ``unknown`` is none of the ranks, but can be counted.
RANKS = ("critical", "high", "medium", "low", "negligible")
#: What else a scan can be refused for.
REASONS = ("unknown-inventory", "exploited", "fixable", "secrets")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP question. ``status`` is the answer's expected status; ``None`` accepts any below 500.

    ``port`` is needed only where several ports speak HTTP; ``None`` is the first that does.
    """

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    status: int | None = None
    port: int | None = None

    @property
    def name(self) -> str:
        """``GET /healthz``; the port only where it was given."""
        return f"{self.method} {f':{self.port}' if self.port else ''}{self.path}"


@dataclass(frozen=True, slots=True)
class ScenarioSettings:
    """One way to run the image, and what to ask of it; ``None`` leaves the image's own value as it is."""

    name: str = "default"
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    ports: tuple[int, ...] = ()
    http: tuple[Request, ...] = ()
    exec: tuple[tuple[str, ...], ...] = ()
    script: tuple[tuple[str, ...], ...] = ()
    tcp: tuple[int, ...] = ()
    duration: float | None = None
    ready_timeout: float | None = None
    healthcheck: bool = True
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Keep:
    """What stays whatever the run shows, and what goes; patterns are globs on absolute paths."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    binaries: tuple[str, ...] = ()
    shell: bool = False


@dataclass(frozen=True, slots=True)
class Gates:
    """Conditions on the result; one that does not hold ends with exit code 3. Sizes in bytes.

    ``max_severity`` is the worst that a vulnerability may have, ``max_count`` how many of a severity there may be;
    ``fail_on`` names other reasons (``REASONS``).
    """

    max_size: int | None = None
    max_compressed: int | None = None
    max_files: int | None = None
    max_severity: str | None = None
    max_count: Mapping[str, int] = field(default_factory=dict)
    fail_on: tuple[str, ...] = ()

    @property
    def need_scan(self) -> bool:
        """Whether they can only be told by a scan for vulnerabilities."""
        return bool(self.max_severity or self.max_count or self.fail_on)


@dataclass(frozen=True, slots=True)
class Scanning:
    """How vulnerabilities are looked for: VEX documents, the file of what is ignored, the oldest database (days)."""

    vex: tuple[str, ...] = ()
    ignore: str = ""
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class BaseSize:
    """Published sizes of one image in bytes, where they were published, and when (``YYYY-MM-DD``)."""

    image: str
    source: str
    date: str
    compressed: int | None = None
    disk: int | None = None


@dataclass(frozen=True, slots=True)
class BaseEntry:
    """One kind of image to build on, as the catalogue of bases and ``[[bases.variant]]`` write it.

    ``images`` are references with ``{version}``, ``{major}``, ``{minor}``, ``{code}``, ``{release}`` or ``{java}``
    in their tags.
    """

    family: str
    images: tuple[str, ...]
    distribution: str
    libc: str
    name: str = ""
    purpose: str = ""
    versions: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    latest: str = ""
    shell: bool = False
    package_manager: str = ""
    user: str = ""
    users: tuple[str, ...] = ()
    certificates: bool = False
    tz: bool = False
    libraries: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    sizes: tuple[BaseSize, ...] = ()


@dataclass(frozen=True, slots=True)
class Bases:
    """Where base images come from: a mirror of Docker Hub, no look-up at all, and images beside the catalogue's."""

    mirror: str = ""
    offline: bool = False
    variants: tuple[BaseEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Lint:
    """Which rules are applied to Dockerfiles, by any of their names; ``only`` empty is all."""

    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: str = "style"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A ``jettison.toml``. ``None`` means that the key is absent, so that the default or a flag decides."""

    policy: str | None = None
    strip: bool | None = None
    timeout: float | None = None
    rounds: int | None = None
    crawl: bool | None = None
    scenarios: tuple[ScenarioSettings, ...] = ()
    keep: Keep = field(default_factory=Keep)
    gates: Gates = field(default_factory=Gates)
    bases: Bases = field(default_factory=Bases)
    lint: Lint = field(default_factory=Lint)
    scan: Scanning = field(default_factory=Scanning)
