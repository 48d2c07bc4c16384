"""The one table of everything that may stand in a ``jettison.toml``.

Reading, error messages and the reference page all come from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the table it stands in, what may be written, the flag of ``jettison shrink`` that does the same."""

    table: str
    name: str
    kind: str
    flag: str
    meaning: str


KEYS = (
    Key("", "policy", "policy", "--policy", "How much beyond the observed is kept: safe, balanced or tight."),
    Key("", "strip", "boolean", "--strip", "Remove symbols and debug sections from kept ELF files."),
    Key("", "timeout", "seconds", "--timeout", "Time limit until the first answer, and of each probe."),
    Key("", "rounds", "count", "--rounds", "How often a small image that differs may be healed and run again."),
    Key("", "crawl", "boolean", "--crawl/--no-crawl", "Follow links from / and read an OpenAPI document."),
    Key("keep", "include", "words", "--include", "Paths to keep: globs, ** crosses directories."),
    Key("keep", "exclude", "words", "--exclude", "Paths to drop, even where something opened them."),
    Key("keep", "packages", "words", "--include-package", "Packages to keep whole."),
    Key("keep", "binaries", "words", "--include-bin", "Commands to keep with everything they link."),
    Key("keep", "shell", "boolean", "--include-shell", "Keep a shell and the usual commands."),
    Key("gates", "max_size", "size", "--max-size", 'Largest size on disk: bytes or "60MB".'),
    Key("gates", "max_compressed", "size", "--max-compressed", 'Largest compressed size: bytes or "20MB".'),
    Key("gates", "max_files", "count", "--max-files", "Largest number of files."),
    Key(
        "gates",
        "max_severity",
        "rank",
        "--max-severity",
        "Worst severity there may be; unknown is not ranked.",
    ),
    Key("gates", "max_count", "counts", "--max-count", "Most vulnerabilities of a severity: {critical = 0, high = 5}."),
    Key("gates", "fail_on", "reasons", "--fail-on", "Also fail on unknown-inventory, exploited, fixable or secrets."),
    Key("scan", "vex", "words", "--vex", "OpenVEX or CycloneDX documents that say what does not apply."),
    Key("scan", "ignore", "text", "--ignore", "File of vulnerabilities that do not count, with reasons."),
    Key("scan", "max_age", "count", "--max-age", "Refuse an advisory database that is older than these days."),
    Key("scenario", "name", "text", "--scenario", "What reports call it."),
    Key("scenario", "command", "command", "--command", "Instead of the image's CMD: words, or one line."),
    Key("scenario", "entrypoint", "command", "--entrypoint", "Instead of the image's ENTRYPOINT."),
    Key("scenario", "env", "texts", "--env", "Environment variables beside the image's."),
    Key("scenario", "user", "text", "--user", "Instead of the image's USER: name, uid or uid:gid."),
    Key("scenario", "ports", "ports", "--port", "TCP ports to probe instead of those of EXPOSE."),
    Key("scenario", "http", "requests", "--http", 'HTTP probes: "/path", "POST /path", or a table (below).'),
    Key("scenario", "exec", "commands", "--exec", "Commands to run in the container."),
    Key("scenario", "script", "commands", "--script", "Commands to run on this machine, with JETTISON_URL set."),
    Key("scenario", "tcp", "ports", "--tcp", "Ports to connect to and read a banner from."),
    Key("scenario", "duration", "seconds", "--duration", "How long to let it run where nothing listens."),
    Key("scenario", "ready_timeout", "seconds", "--ready-timeout", "Time limit until the first answer, here only."),
    Key("scenario", "healthcheck", "boolean", "--healthcheck/--no-healthcheck", "Run the image's HEALTHCHECK."),
    Key("scenario", "exit_code", "code", "--exit-code", "What a program that ends by itself must exit with."),
    Key("scenario.http", "path", "text", "", "Path and query, from the slash on."),
    Key("scenario.http", "method", "text", "", "GET unless given."),
    Key("scenario.http", "headers", "texts", "", "Request headers."),
    Key("scenario.http", "body", "text", "", "Request body, sent as UTF-8."),
    Key("scenario.http", "status", "code", "", "The status that the answer must have."),
    Key("scenario.http", "port", "port", "", "The port, where several speak HTTP."),
    Key("lint", "only", "words", "--only", "Only these rules."),
    Key("lint", "ignore", "words", "--ignore", "Not these rules, by any of their names."),
    Key("lint", "severity", "severity", "--severity", "The least severity that counts: error, warning, info or style."),
    Key("bases", "mirror", "text", "--mirror", "Take Docker Hub's images from here: localhost:5000/hub."),
    Key("bases", "offline", "boolean", "--offline", "Ask no registry which base images there are."),
    Key("bases.variant", "family", "text", "", "What it is a variant of: node, python, debian."),
    Key("bases.variant", "name", "text", "", "What reports call it: slim."),
    Key("bases.variant", "images", "images", "", "References, with {version} and the like in the tag."),
    Key("bases.variant", "purpose", "text", "", "Proposed only for an image of the same purpose: apache, fpm."),
    Key("bases.variant", "versions", "words", "", "The versions that have it, by how they begin; all unless given."),
    Key("bases.variant", "releases", "words", "", "Only for programs built on these: trixie; all unless given."),
    Key("bases.variant", "latest", "text", "", "Its tag where the version is latest, if not the one that follows."),
    Key("bases.variant", "distribution", "text", "", "One of debian, ubuntu, alpine, wolfi and none."),
    Key("bases.variant", "libc", "libc", "", "One of glibc, musl and none."),
    Key("bases.variant", "shell", "boolean", "", "It has /bin/sh."),
    Key("bases.variant", "package_manager", "text", "", "One of apt and apk, if it has one."),
    Key("bases.variant", "user", "text", "", "The user it runs as, if not root."),
    Key("bases.variant", "users", "words", "", "Users that it has beside the distribution's."),
    Key("bases.variant", "certificates", "boolean", "", "It has CA certificates."),
    Key("bases.variant", "tz", "boolean", "", "It has time zones."),
    Key("bases.variant", "libraries", "words", "", "Sonames that it has beside the distribution's."),
    Key("bases.variant", "runs", "words", "", "Languages whose built programs run on it: golang, java, static."),
    Key("bases.variant", "sizes", "sizes", "", "Known sizes, as tables (below)."),
    Key("bases.variant.sizes", "image", "image", "", "The image that has this size."),
    Key("bases.variant.sizes", "compressed", "size", "", 'As a registry has it: bytes or "60MB".'),
    Key("bases.variant.sizes", "disk", "size", "", 'Unpacked: bytes or "60MB".'),
    Key("bases.variant.sizes", "source", "text", "", "Where that is said."),
    Key("bases.variant.sizes", "date", "date", "", "When it was published, or read."),
)
