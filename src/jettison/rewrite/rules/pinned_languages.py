"""Versions for what the package managers of languages install."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from jettison.rewrite.rules.plain import Hit
from jettison.rewrite.rules.unpinned import Manager, rule
from jettison.rewrite.sheet import Sheet

_PATH = r"\.{1,2}(?:\[.*\])?|(?:\.{0,2}|~)/.*"
_INSTALL = (("install",), ("i",))

_PIP = Manager(
    ("pip", "pip2", "pip3", "pipx"), (("install",),),
    re.compile(rf"{_PATH}|(?!git\+).*[=<>~!@/].*|git\+.*@.*|.*\.(?:whl|zip|tar(?:\.\w+)?|tgz)", re.DOTALL),
    frozenset({"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix", "--root",
               "-b", "--build", "--trusted-host", "--python", "--proxy", "--log", "--cache-dir", "--timeout",
               "--retries", "--only-binary", "--no-binary", "--platform", "--python-version", "--abi", "--cert",
               "--implementation", "--root-user-action", "--global-option", "--config-settings", "-C", "--src",
               "--progress-bar", "--upgrade-strategy", "--exists-action", "--report", "--keyring-provider"}),
    frozenset({"-r", "--requirement", "-c", "--constraint", "-e", "--editable"}),
)  # fmt: skip
#: ``python -m pip install``; the verb of ``uv pip install`` has two words.
_PYTHON = replace(_PIP, programs=("python", "python2", "python3"), verbs=(("pip", "install"),))
_UV = replace(_PIP, programs=("uv",), verbs=(("pip", "install"),))
_PIP_RULES = tuple(rule("pip", "DL3013", manager) for manager in (_PIP, _PYTHON, _UV))


def _pip(sheet: Sheet) -> Iterator[Hit]:
    for each in _PIP_RULES:
        yield from each.find(sheet)


PINNED_PIP = replace(_PIP_RULES[0], find=_pip)
PINNED_NPM = rule("npm", "DL3016", Manager(
    ("npm",), (*_INSTALL, ("add",)),
    re.compile(rf"{_PATH}|(?:file|link):.*|(?!git[:+]).+@(?!latest$|next$).+|.*#.+|.*\.(?:tgz|tar|tar\.gz)", re.DOTALL),
    frozenset({"--registry", "--prefix", "--loglevel", "--cache", "--omit", "--only", "--include", "-C", "-w",
               "--workspace", "--tag", "--userconfig", "--fetch-timeout", "--fetch-retries"}),
))  # fmt: skip
PINNED_GEM = rule("gem", "DL3028", Manager(
    ("gem",), _INSTALL, re.compile(r".*:.+|.*\.gem", re.DOTALL),
    frozenset({"-i", "--install-dir", "-n", "--bindir", "-s", "--source", "-P", "--trust-policy", "--platform", "-p",
               "--http-proxy"}),
    frozenset({"-v", "--version", "-g", "--file"}),
))  # fmt: skip
PINNED_GO = rule("go", "DL3062", Manager(
    ("go",), (("install",), ("get",), ("run",)),
    re.compile(rf"{_PATH}|[^.]*|.*\.go|[^.]*/.*|.*@(?!latest$).+", re.DOTALL),
    frozenset({"-ldflags", "-tags", "-gcflags", "-asmflags", "-o", "-mod", "-modfile", "-p", "-C", "-pkgdir", "-exec"}),
    single=("run",),
))  # fmt: skip
