"""Caches of the package managers of languages."""

from __future__ import annotations

from jettison.rewrite.rules.caches import Cache

#: ``rm -rf /root/.cache``, ``rm -r ~/.npm``: what takes a home's caches away.
_RM = r"|rm\s[^;&|]*\.cache(?:[\s;&|/'\"]|$)"

PIP_NO_CACHE = Cache(
    "pip-no-cache", "pip keeps what it downloaded and built; say --no-cache-dir",
    ("hadolint DL3042", "Parfum pipUseNoCacheDir"),
    "pip", frozenset({"install", "wheel", "download"}), r"pip\d?\s+cache\s+purge" + _RM, r"pip|\.cache/?$",
    frozenset({"--no-cache-dir"}), frozenset({"PIP_NO_CACHE_DIR"}), insert="--no-cache-dir",
)  # fmt: skip
UV_NO_CACHE = Cache(
    "uv-no-cache", "uv keeps what it downloaded and built; say --no-cache, or mount its cache", (),
    "uv", frozenset({"pip", "sync", "add", "tool"}), r"uv\s+cache\s+clean" + _RM, r"/uv|\.cache/?$",
    frozenset({"--no-cache", "-n", "--no-cache-dir", "--link-mode"}),
    frozenset({"UV_NO_CACHE", "UV_CACHE_DIR", "UV_LINK_MODE"}),
    append="uv cache clean",
)  # fmt: skip
NPM_CACHE_CLEAN = Cache(
    "npm-cache-clean", "npm keeps what it downloaded; end the RUN with npm cache clean --force",
    ("Parfum npmCacheCleanAfterInstall",),
    "npm", frozenset({"install", "i", "ci", "add", "clean-install", "update"}),
    r"npm\s+cache\s+(?:clean|clear|rm)|rm\s[^;&|]*(?:\.npm|_cacache)", r"npm", append="npm cache clean --force",
)  # fmt: skip
YARN_CACHE_CLEAN = Cache(
    "yarn-cache-clean", "yarn keeps what it downloaded; end the RUN with yarn cache clean",
    ("hadolint DL3060", "Parfum yarnCacheClean"),
    "yarn", frozenset({"install", "add", "upgrade", "global", ""}),
    r"yarn\s+cache\s+clean|rm\s[^;&|]*(?:yarn|_cacache)" + _RM, r"yarn|\.cache/?$",
    variables=frozenset({"YARN_CACHE_FOLDER"}), append="yarn cache clean", safe=False,
)  # fmt: skip
PNPM_STORE = Cache(
    "pnpm-store", "the store of pnpm stays beside what was installed from it; remove it in the same RUN, or mount it",
    (), "pnpm", frozenset({"install", "i", "add", "fetch"}), r"pnpm\s+store\s+(?:prune|path)|rm\s[^;&|]*pnpm", r"pnpm",
    append='rm -rf "$(pnpm store path)"', safe=False,
)  # fmt: skip
GEM_NO_DOCUMENT = Cache(
    "gem-no-document", "documentation is built for every gem; say --no-document",
    ("Parfum gemUpdateNoDocument",),
    "gem", frozenset({"install", "update"}), r"(?!)", r"(?!)",
    frozenset({"--no-document", "-N", "--no-doc", "--no-ri", "--no-rdoc"}), insert="--no-document",
)  # fmt: skip
COMPOSER_CACHE = Cache(
    "composer-cache", "composer keeps what it downloaded; say --no-cache", (),
    "composer", frozenset({"install", "require", "update", "create-project"}),
    r"composer\S*\s+(?:clear-cache|clearcache|cc)\b|rm\s[^;&|]*composer" + _RM, r"composer|\.cache/?$|/tmp",
    frozenset({"--no-cache"}), frozenset({"COMPOSER_CACHE_DIR", "COMPOSER_NO_CACHE"}), insert="--no-cache",
)  # fmt: skip
GO_CACHE = Cache(
    "go-cache", "the modules and the build cache of Go stay in the image; build in a stage of its own", (),
    "go", frozenset({"build", "install", "get", "mod", "test"}), r"go\s+clean\s[^;&|]*-modcache|rm\s[^;&|]*go-build",
    r"go-build|/go/pkg|\.cache", append="go clean -cache -modcache",
    reads=r"\bgo\b[\s\",]+(?:build|install|run|test|generate|mod|vet|get)\b", safe=False,
)  # fmt: skip
CARGO_CACHE = Cache(
    "cargo-cache", "the registry of cargo stays in the image; build in a stage of its own", (),
    "cargo", frozenset({"build", "install", "fetch", "b"}), r"rm\s[^;&|]*registry", r"cargo|registry",
    append='rm -rf "${CARGO_HOME:-$HOME/.cargo}/registry"', reads=r"\bcargo\b[\s\",]", safe=False,
)  # fmt: skip
