"""Versions for what the package managers of distributions install."""

from __future__ import annotations

import re

from jettison.rewrite.rules.unpinned import Manager, rule

_RPM = re.compile(r"@.*|.*-[\d$].*|.*\.rpm|.*:[\w$].*|\(.*|.*\(.*")
_RPM_VERBS = (("install",), ("module", "install"), ("reinstall",), ("in",))
_RPM_VALUED = frozenset({"--enablerepo", "--disablerepo", "--repo", "--installroot", "--releasever", "-c", "-x"})

PINNED_APT = rule("apt", "DL3008", Manager(
    ("apt-get", "apt"), (("install",),), re.compile(r".*=.*|.*/.*|.*\.deb|.*-", re.DOTALL),
    frozenset({"-t", "--target-release", "--default-release", "-o", "--option", "-c", "--config-file", "-a"}),
))  # fmt: skip
PINNED_APK = rule("apk", "DL3018", Manager(
    ("apk",), (("add",),), re.compile(r".*[=<>~].*|.*\.apk|!.*", re.DOTALL),
    frozenset({"-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--keys-dir", "--cache-dir",
               "--repositories-file", "--wait"}),
))  # fmt: skip
PINNED_YUM = rule("yum", "DL3033", Manager(("yum",), _RPM_VERBS, _RPM, _RPM_VALUED))
PINNED_DNF = rule("dnf", "DL3041", Manager(("dnf", "microdnf", "dnf5", "tdnf"), _RPM_VERBS, _RPM, _RPM_VALUED))
PINNED_ZYPPER = rule("zypper", "DL3037", Manager(
    ("zypper",), (("install",), ("in",)), re.compile(r".*[=<>].*|.*\.rpm|-.*", re.DOTALL),
    frozenset({"-t", "--type", "-r", "--repo", "--from", "-R", "--root", "-C", "--capability"}),
))  # fmt: skip
