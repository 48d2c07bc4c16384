"""Caches of further package managers."""

from __future__ import annotations

from jettison.rewrite.rules.caches import Cache

CONDA_CLEAN = Cache(
    "conda-clean", "conda keeps packages and indexes in the layer; end the RUN with conda clean -afy", (),
    "conda|mamba|micromamba", frozenset({"install", "create", "update", "env"}),
    r"\bclean\s+[^;&|]*(?:-\w*[apft]|--)|rm\s[^;&|]*pkgs", r"pkgs", append="PROGRAM clean -afy",
)  # fmt: skip
BUNDLE_CACHE = Cache(
    "bundle-cache", "bundler keeps downloaded gems beside the installed ones; remove the former in the same RUN", (),
    "bundle", frozenset({"install", ""}), r"rm\s[^;&|]*cache|bundle\s+clean", r"bundle|gems",
    append='rm -rf "$(gem env gemdir)"/cache/*.gem', safe=False,
)  # fmt: skip
POETRY_NO_CACHE = Cache(
    "poetry-no-cache", "poetry keeps what it downloaded; say --no-cache, which poetry 1.2 and later know", (),
    "poetry", frozenset({"install", "sync", "add"}), r"poetry\s+cache\s+clear|rm\s[^;&|]*cache", r"poetry|\.cache/?$",
    frozenset({"--no-cache"}), frozenset({"POETRY_CACHE_DIR"}), insert="--no-cache", safe=False,
)  # fmt: skip
PIPENV_CACHE = Cache(
    "pipenv-cache", "pipenv keeps what it downloaded; remove its cache in the same RUN", (),
    "pipenv", frozenset({"install", "sync"}), r"rm\s[^;&|]*\.?cache|PIPENV_CACHE|pipenv\s+--clear", r"pip|\.cache/?$",
    append='rm -rf "${PIPENV_CACHE_DIR:-$HOME/.cache/pipenv}"', variables=frozenset({"PIPENV_CACHE_DIR"}),
)  # fmt: skip
BUN_CACHE = Cache(
    "bun-cache", "bun keeps what it downloaded; end the RUN with bun pm cache rm", (),
    "bun", frozenset({"install", "i", "add"}), r"bun\s+pm\s+cache\s+rm|rm\s[^;&|]*\.bun", r"bun",
    frozenset({"--no-cache"}), append="bun pm cache rm",
)  # fmt: skip
MAVEN_CACHE = Cache(
    "maven-cache", "the repository of Maven stays in the image; build in a stage of its own", (),
    "mvn|mvnw", frozenset({"package", "install", "verify", "clean", "compile", "dependency:go-offline"}),
    r"rm\s[^;&|]*\.m2", r"\.m2", append='rm -rf "$HOME/.m2/repository"', reads=r"\bmvnw?\b", safe=False,
)  # fmt: skip
GRADLE_CACHE = Cache(
    "gradle-cache", "the caches of Gradle stay in the image; build in a stage of its own", (),
    "gradle|gradlew", frozenset({"build", "assemble", "bootJar", "shadowJar", "installDist", "dependencies", "clean"}),
    r"rm\s[^;&|]*\.gradle", r"\.gradle", append='rm -rf "${GRADLE_USER_HOME:-$HOME/.gradle}/caches"',
    reads=r"\bgradlew?\b", safe=False,
)  # fmt: skip
