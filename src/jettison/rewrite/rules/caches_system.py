"""Caches of the package managers of distributions. The lists of apt are in ``apt_lists``."""

from __future__ import annotations

from jettison.rewrite.rules.caches import Cache

_INSTALL = frozenset({
    "install", "reinstall", "localinstall", "groupinstall", "update", "upgrade", "module", "makecache", "distro-sync",
})  # fmt: skip

APK_NO_CACHE = Cache(
    "apk-no-cache", "apk keeps its index in the layer; say --no-cache",
    ("hadolint DL3019", "Parfum apkAddUseNoCache"),
    "apk", frozenset({"add", "upgrade"}), r"rm\s[^;&|]*/(?:var/cache/apk|etc/apk/cache)", r"/apk",
    frozenset({"--no-cache"}), insert="--no-cache",
)  # fmt: skip
APK_UPDATE = Cache(
    "apk-update", "the index that apk update fetched stays in the layer; apk add --no-cache needs none", (),
    "apk", frozenset({"update"}), r"rm\s[^;&|]*/(?:var/cache/apk|etc/apk/cache)", r"/apk",
    frozenset({"--no-cache"}), append="rm -rf /var/cache/apk/*",
    reads=r"\bapk\s(?![^;&|]*--no-cache)[^;&|]*\badd\b",
)  # fmt: skip
YUM_CLEAN = Cache(
    "yum-clean", "yum keeps metadata and packages in the layer; end the RUN with yum clean all",
    ("hadolint DL3032", "Parfum yumInstallRmVarCacheYum"),
    "yum", _INSTALL, r"yum\s[^;&|]*\bclean\s+all|rm\s[^;&|]*/var/cache/(?:yum|dnf)?", r"/var/cache|/(?:yum|dnf)",
    append="yum clean all && rm -rf /var/cache/yum",
)  # fmt: skip
DNF_CLEAN = Cache(
    "dnf-clean", "dnf keeps metadata and packages in the layer; end the RUN with dnf clean all",
    ("hadolint DL3040",),
    "dnf", _INSTALL, r"dnf\s[^;&|]*\bclean\s+all|rm\s[^;&|]*/var/cache/(?:yum|dnf|libdnf5)?",
    r"/var/cache|/(?:lib)?dnf",
    append="dnf clean all",
)  # fmt: skip
MICRODNF_CLEAN = Cache(
    "microdnf-clean", "microdnf keeps metadata and packages in the layer; end the RUN with microdnf clean all",
    ("hadolint DL3040",),
    "microdnf", _INSTALL, r"dnf\s[^;&|]*\bclean\s+all|rm\s[^;&|]*/var/cache/(?:yum|dnf)?", r"/var/cache|/(?:lib)?dnf",
    append="microdnf clean all",
)  # fmt: skip
ZYPPER_CLEAN = Cache(
    "zypper-clean", "zypper keeps metadata and packages in the layer; end the RUN with zypper clean --all",
    ("hadolint DL3036",),
    "zypper", frozenset({"in", "install", "up", "update", "dup", "dist-upgrade", "patch", "ref", "refresh"}),
    r"zypper\s[^;&|]*\b(?:clean|cc)\b|rm\s[^;&|]*/var/cache/(?:zypp)?", r"/var/cache|/zypp",
    append="zypper clean --all",
)  # fmt: skip
