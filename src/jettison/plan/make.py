"""Tree + observation + closure + policy -> Plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jettison.attribution import Attribution, attribute
from jettison.closure import closers
from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.observe.model import Observation
from jettison.oci.image import Image
from jettison.packages import trim
from jettison.packages.model import Package
from jettison.plan import essential, seeds
from jettison.plan.application import own_files
from jettison.plan.dependencies import MANIFESTS, Language
from jettison.plan.globs import covered
from jettison.plan.keep import Keep
from jettison.plan.links import OtherNames
from jettison.plan.model import Plan, Policy, Wishes, strength
from jettison.plan.neverruns import never_runs
from jettison.plan.runtimes import libraries

#: Evidence of a real use, which makes ``safe`` keep the whole distribution package.
_USED = frozenset({"opened", "executed", "elf", "dlopen", "script", "import", "config", "include", "healed"})
#: The application's own tests, settings of developers' tools, locks and texts stay, but what they name does not.
_DEVELOPMENT = re.compile(
    r"/(test|tests|__tests__|spec|e2e|cypress)/|[._](test|spec)\.[cm]?[jt]sx?$|/(conftest|test_[^/]*|[^/]*_test)\.py$"
    r"|/(\.eslintrc[^/]*|\.prettierrc[^/]*|\.babelrc[^/]*|[gG]ulpfile[^/]*|Gruntfile[^/]*|Makefile)$"
    r"|/(Dockerfile[^/]*|[^/]*\.[dD]ockerfile|Containerfile[^/]*)$"
    r"|/(package-lock|npm-shrinkwrap|composer)\.json$|/[^/]*[.-]lock(\.ya?ml|b)?$"
    r"|/(?i:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|LICEN[SC]E|COPYING|AUTHORS)(\.[a-z]+)?$"
    r"|/(webpack|rollup|vite|jest|karma|babel|eslint|postcss|prettier|vitest|playwright)\.conf(ig)?[^/]*\.[cm]?[jt]s$"
)
#: What libraries open for every program, and what therefore says nothing of this one.
_SYSTEM_SETTINGS = re.compile(
    r"^/etc/(passwd|group|shadow|gshadow|hosts|host\.conf|hostname|resolv\.conf|nsswitch\.conf|gai\.conf|services|protocols"
    r"|networks|localtime|timezone|mime\.types|os-release|ld\.so\..*|ssl/.*|ca-certificates/.*|fonts/.*|pam\.d/.*|security/.*"
    r"|login\.defs|environment|profile.*|bash\.bashrc|inputrc|terminfo/.*|alternatives/.*)$"
)
_SETTINGS_LIMIT = 256 << 10
#: What an administrator's tools read, not a program.
_ADMINISTRATION = re.compile(
    r"^/etc/(init\.d|rc\d\.d|cron[^/]*|logrotate\.d|systemd|apt|dpkg|kernel|skel|bash_completion\.d|update-motd\.d|X11/X[a-z]+(\.d)?)/"
)


def make(
    tree: FileTree,
    image: Image,
    observation: Observation,
    packages: Iterable[Package],
    policy: Policy = Policy.BALANCED,
    wishes: Wishes | None = None,
    *,
    attribution: Attribution | None = None,
    healed: Mapping[str, Evidence] | None = None,
) -> Plan:
    """Decide which paths of ``tree``, the root file system of ``image``, stay.

    ``healed`` are paths that a smaller image looked up in vain. Raises ``NotFound`` where a wish names nothing.
    """
    packages = tuple(packages)
    facts = _Facts(tree, image, packages, policy, attribution or attribute(image, tree, packages))
    wishes = wishes or Wishes()
    tight = policy is Policy.TIGHT
    # At tight a package's own lazy imports are its affair: what ran has shown which of them are needed.
    followed = closers(
        tree,
        mentioned_by=frozenset() if tight else facts.own | _settings(tree, observation),
        environment=image.config.container.environment,
        imports_of=facts.own if tight else None,
    )
    keep = Keep(tree, followed)
    fresh = keep.add(_start(facts, observation, wishes, healed or {}))
    if tight:
        names = OtherNames(tree)
        keep.complete(fresh, lambda paths: names.of(paths) | essential.given(tree, paths, policy))
    else:
        _keep_beyond_the_observed(facts, keep, fresh)
    caveats = _exclude(tree, keep, wishes) + _triggers_dropped(image)
    return _with_records(facts, keep, wishes, caveats)


def _settings(tree: FileTree, observation: Observation) -> frozenset[str]:
    """The configuration files that the program was seen to open: they name what it will use, whoever wrote them."""
    return frozenset(
        path
        for path in observation.opened
        if path.startswith("/etc/")
        and not _SYSTEM_SETTINGS.match(path)
        and path in tree
        and tree[path].size <= _SETTINGS_LIMIT
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the steps below all look at."""

    tree: FileTree
    image: Image
    packages: tuple[Package, ...]
    policy: Policy
    attribution: Attribution

    @property
    def own(self) -> frozenset[str]:
        """The application's own files whose content says what it will use."""
        return frozenset(path for path in self.attribution.application if not _DEVELOPMENT.search(path))


def _start(facts: _Facts, observation: Observation, wishes: Wishes, healed: Mapping[str, Evidence]) -> seeds.Seeds:
    """Everything that is kept for its own sake, before anything is followed."""
    tree, container = facts.tree, facts.image.config.container
    start = seeds.observed(tree, observation)
    for found in (seeds.configured(tree, container), seeds.wished(tree, wishes, facts.packages, container)):
        for path, evidence in found.items():
            seeds.add(start, path, *evidence)
    for group in (
        essential.always(tree, facts.policy),
        essential.writable_directories(tree),
        essential.configured_locales(tree, container.environment),
        _package_mates(facts, healed),
        healed,
    ):
        for path, reason in group.items():
            seeds.add(start, path, reason)
    return start


def _package_mates(facts: _Facts, healed: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """The other files of the distribution packages of what was looked up in vain: it was not the last look-up."""
    packages = () if facts.policy is Policy.TIGHT else _owning(facts, healed)
    return {
        path: Evidence("package", str(package))
        for package in packages
        for path in package.files
        if not never_runs(path)
    }


def _keep_beyond_the_observed(facts: _Facts, keep: Keep, fresh: list[str]) -> None:
    """What ``balanced`` and ``safe`` add: whole packages, standard libraries, the application's own, other names."""
    tree, safe = facts.tree, facts.policy is Policy.SAFE
    language, names = Language(tree, facts.packages), OtherNames(tree)
    if safe:
        fresh = fresh + keep.add(_distribution_packages(facts, keep))
    own = own_files(tree, facts.attribution)
    manifests = [path for path in own if path.rpartition("/")[2] in MANIFESTS]
    followed = {path: {why} for path, why in own.items() if not _DEVELOPMENT.search(path)}
    fresh = fresh + keep.add(followed)
    keep.add_only({path: why for path, why in own.items() if path not in followed})
    fresh = fresh + keep.add({path: {why} for path, why in language.declared(manifests, with_all=safe).items()})

    def companions(paths: list[str]) -> dict[str, Evidence]:
        return {
            **names.of(paths),
            **essential.given(tree, paths, facts.policy),
            **libraries(tree, paths, whole=safe),
            **language.whole(paths, with_all=safe),
        }

    keep.complete(fresh, companions)
    keep.add_only(_configuration(facts, keep))


def _distribution_packages(facts: _Facts, keep: Keep) -> dict[str, set[Evidence]]:
    """Every file of the distribution packages of which something was really used."""
    used = (path for path, reasons in keep.evidence.items() if any(reason.kind in _USED for reason in reasons))
    packages = _owning(facts, used)
    return {path: {Evidence("package", str(package))} for package in packages for path in package.files}


def _configuration(facts: _Facts, keep: Keep) -> dict[str, Evidence]:
    """The files in ``/etc`` of distribution packages whose programs or libraries are kept: small, and read late.

    They are not followed: what a configuration names belongs to programs that were not seen to need it.
    """
    paths = (path for path in keep.evidence if facts.tree[path].kind is Kind.FILE)
    packages = _owning(facts, (path for path in paths if not path.startswith(("/etc/", "/usr/share/"))))
    return {
        path: Evidence("package", str(package))
        for package in packages
        for path in package.files
        if path.startswith("/etc/") and not _ADMINISTRATION.match(path)
    }


def _owning(facts: _Facts, paths: Iterable[str]) -> tuple[Package, ...]:
    """The distribution packages that own ``paths``, each once."""
    owners = (facts.attribution.owners.get(path) for path in paths)
    return tuple({id(owner): owner for owner in owners if owner and owner.is_distribution}.values())


def _exclude(tree: FileTree, keep: Keep, wishes: Wishes) -> tuple[str, ...]:
    """Take away what the user excluded, and say so where there was a reason to keep it."""
    caveats = []
    for pattern in wishes.exclude:
        removed = keep.remove(covered(tree, pattern))
        if removed:
            caveats.append(f"--exclude {pattern} took away {len(removed)} paths that there was a reason to keep")
    return tuple(caveats)


def _triggers_dropped(image: Image) -> tuple[str, ...]:
    if not image.config.container.on_build:
        return ()
    return ("ONBUILD triggers are not in the result: it is there to run, and what a build needs may be gone",)


def _with_records(facts: _Facts, keep: Keep, wishes: Wishes, caveats: tuple[str, ...]) -> Plan:
    """Trim the package records to what is kept, and close the plan."""
    trimmed = trim(facts.tree, facts.packages, frozenset(keep.evidence))
    keep.remove(path for path, content in trimmed.items() if content is None)
    rewritten = {path: content for path, content in trimmed.items() if content is not None}
    keep.add_only({path: Evidence("record", "package manager") for path in rewritten})
    own = facts.attribution.application
    keep.add_only({path: Evidence("application", own[path]) for path in own if path in keep})
    ordered = {path: tuple(sorted(keep.evidence[path], key=strength)) for path in sorted(keep.evidence)}
    return Plan(facts.policy, ordered, rewritten, wishes.exclude, caveats)
