"""``COPY`` and ``ADD``: no container is needed for them."""

from __future__ import annotations

import os
import posixpath
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jettison.builder import chain, download, ownership, sources
from jettison.builder.archives import is_archive, unpack_into
from jettison.builder.change import Workspace, change
from jettison.builder.copying import Copier
from jettison.builder.sources import Selection
from jettison.builder.stage import Built, Stage
from jettison.dockerfile import expand_document
from jettison.dockerfile.context import Context
from jettison.dockerfile.ignore import Ignore, read
from jettison.dockerfile.model import Copy, Heredoc, Instruction
from jettison.errors import BuildError
from jettison.runtime import mounted


@dataclass(frozen=True, slots=True)
class Request:
    """A COPY or ADD with its variables expanded. ``destination`` is absolute, with a slash where it was written."""

    sources: tuple[str, ...]
    destination: str
    chown: str
    chmod: str
    exclude: Ignore
    payload: Copy
    where: str

    @property
    def into(self) -> bool:
        """Whether the destination says that it is a directory."""
        return self.destination.endswith("/")

    def error(self, reason: str) -> BuildError:
        """An error of this instruction."""
        return BuildError(f"cannot build {self.where}: {reason}")


def copy(stage: Stage, instruction: Instruction) -> None:
    """From the context, or with ``--from`` from another stage or an image, whose owners are kept then."""
    request = _request(stage, instruction)
    origin = stage.expand(instruction, request.payload.from_)
    if origin:
        _from_stage(stage, request, stage.build.source(origin, stage.index), origin)
    else:
        _from_context(stage, request)


def add(stage: Stage, instruction: Instruction) -> None:
    """As COPY; archives of the context are unpacked, and URLs are fetched."""
    request = _request(stage, instruction)
    urls = [source for source in request.sources if download.is_url(source)]
    if not urls:
        _from_context(stage, request)
    elif len(urls) < len(request.sources) or len(urls) > 1:
        raise request.error("a URL stands alone here; write one ADD for each")
    else:
        _from_url(stage, request, urls[0])


def _request(stage: Stage, instruction: Instruction) -> Request:
    payload = cast(Copy, instruction.payload)

    def word(text: str) -> str:
        return text if text.startswith("<<") else stage.expand(instruction, text)

    raw = word(payload.destination)
    destination = posixpath.normpath(posixpath.join("/", stage.workdir, raw)).replace("//", "/")
    if (raw.endswith(("/", "/.", "/..")) or raw in (".", "..")) and destination != "/":
        destination += "/"
    request = Request(
        tuple(word(source) for source in payload.sources),
        destination,
        word(payload.chown),
        word(payload.chmod),
        read("\n".join(word(pattern) for pattern in payload.exclude)),
        payload,
        f"{instruction.file}:{instruction.line}: {instruction.keyword} {instruction.value.strip().splitlines()[0]}",
    )
    if len(request.sources) > 1 and not request.into:
        raise request.error("with more than one source the destination must end with /")
    return request


def _created_by(request: Request) -> str:
    payload = request.payload
    flags = [
        f"--{name}={value}"
        for name, value in (("from", payload.from_), ("chown", request.chown), ("chmod", request.chmod))
        if value
    ]
    return " ".join(["ADD" if payload.add else "COPY", *flags, *request.sources, request.destination])


def _key(stage: Stage, request: Request, content: object) -> str:
    payload = request.payload
    below = "" if payload.link else stage.key
    how = [request.chown, request.chmod, payload.link, payload.parents, payload.add]
    return chain.cache_key(below, "COPY", request.destination, *how, content)


def _from_context(stage: Stage, request: Request) -> None:
    documents = {f"<<{'-' if d.strip_tabs else ''}{d.name}": d for d in request.payload.heredocs}
    named = {source: _heredoc(source, documents) for source in request.sources}
    paths = tuple(source for source in request.sources if named[source] is None)
    selected = _select(stage.build.context, request, paths)
    texts = [(d.name, _text(stage, d)) for d in named.values() if d is not None]
    content = [[sources.digest(selection), name] for selection, name in selected]

    def work(space: Workspace) -> None:
        placing = _Placing(request, space, (0, 0))
        for name, text in texts:
            file = space.scratch / "heredoc"
            file.write_text(text, encoding="utf-8", errors="surrogateescape")
            file.chmod(0o644)
            if stage.build.options.epoch is not None:
                os.utime(file, (stage.build.options.epoch,) * 2)
            placing.file(str(file), name)
        placing.all(selected, unpack=request.payload.add)

    key = _key(stage, request, [content, texts])
    change(stage, _created_by(request), key, work, alone=request.payload.link)


def _heredoc(source: str, documents: dict[str, Heredoc]) -> Heredoc | None:
    return documents.get(source.replace('"', "").replace("'", "")) if source.startswith("<<") else None


def _text(stage: Stage, document: Heredoc) -> str:
    """A here-document's content; quotes mean nothing in it."""
    if not document.expand:
        return document.content
    return expand_document(document.content, stage.variables)


def _from_stage(stage: Stage, request: Request, built: Built, origin: str) -> None:
    def work(space: Workspace) -> None:
        with ExitStack() as stack:
            place = space.scratch / "from"
            place.mkdir()
            lowers = chain.directories(stage.build.store, built.pieces)
            root = stack.enter_context(mounted(lowers, place, readonly=True)).path
            _Placing(request, space, None).all(_select(Context(root), request, request.sources), unpack=False)

    excluded = [(pattern.pattern, exception) for pattern, exception in request.exclude.patterns]
    key = _key(stage, request, [chain.chain_key(built.pieces), list(request.sources), excluded])
    change(stage, _created_by(request), key, work, alone=request.payload.link)


def _from_url(stage: Stage, request: Request, url: str) -> None:
    build = stage.build
    with build.store.scratch("download") as scratch:
        checksum = stage.build.options.no_cache or not request.payload.checksum
        fetched = download.fetch(url, scratch, request.payload.checksum, build.options.transfers) if checksum else None
        content = fetched.digest if fetched else request.payload.checksum

        def work(space: Workspace) -> None:
            file = fetched or download.fetch(url, scratch, request.payload.checksum, build.options.transfers)
            _Placing(request, space, (0, 0)).file(str(file.path), download.name(url))

        change(stage, _created_by(request), _key(stage, request, [url, content]), work, alone=request.payload.link)


def _select(context: Context, request: Request, words: tuple[str, ...]) -> list[tuple[Selection, str]]:
    """What is copied, each with its name below the destination (``""`` for a directory's content)."""
    found: list[tuple[Selection, str]] = []
    for word in words:
        matched = sources.find(context, word)
        if not matched and not sources.is_wild(word):
            raise request.error(
                f"{word} is not there" + (" (or .dockerignore hides it)" if context.ignore.patterns else "")
            )
        for source in matched:
            name = _kept_parents(word, source.name) if request.payload.parents else posixpath.basename(source.name)
            if source.is_directory:
                found.append((Selection(source, request.exclude), name if request.payload.parents else ""))
            elif not request.exclude.matches(posixpath.basename(source.name)):
                found.append((Selection(source, request.exclude), name))
    if words and not found and not request.exclude.patterns:
        raise request.error(f"nothing matches {' '.join(words)}")
    if len(found) > 1 and not request.into and not all(selection.source.is_directory for selection, _ in found):
        raise request.error("more than one file matches, so the destination must end with /")
    return found


def _kept_parents(word: str, name: str) -> str:
    """``--parents``: the whole path, or what follows ``/./`` in the word."""
    head, pivot, _ = word.partition("/./")
    if not pivot:
        return name
    depth = len([part for part in head.split("/") if part not in ("", ".")])
    return "/".join(name.split("/")[depth:])


class _Placing:
    """Puts what was selected where it belongs."""

    def __init__(self, request: Request, space: Workspace, owner: tuple[int, int] | None) -> None:
        self.request, self.space = request, space
        root = space.root.path
        if request.chown:
            owner = self._owner()
        self.owner = owner
        self.copier = Copier(root, owner, ownership.mode(request.chmod) if request.chmod else None)

    def _owner(self) -> tuple[int, int]:
        if self.request.payload.link and not self.request.chown.replace(":", "").isdigit():
            raise self.request.error("--link needs numeric ids in --chown, since it does not look at the image")
        return ownership.owner(self.space.root.path, self.request.chown)

    def all(self, selected: list[tuple[Selection, str]], *, unpack: bool) -> None:
        for selection, name in selected:
            source = selection.source
            if source.is_directory:
                self.directory(selection, name)
            elif unpack and is_archive(source.outside):
                target = self.copier.directory(self.request.destination)
                unpack_into(source.outside, target, self.space, self.owner if self.request.chown else None)
            else:
                self.file(source.outside, name)

    def directory(self, selection: Selection, name: str) -> None:
        path = posixpath.join(self.request.destination, name).rstrip("/") or "/"
        target = str(self.space.root.path) if path == "/" else self.copier.target(path)

        def has(inside: str) -> bool:
            return selection.takes_all or selection.has(inside)

        self.copier.content(selection.source.outside, target, has)

    def file(self, source: str, name: str) -> None:
        """Into the destination where that is a directory, or says that it is one; else as the destination."""
        destination = self.request.destination
        if self.request.payload.parents:
            path = posixpath.join(destination, name)
        elif self.request.into:
            self.copier.directory(destination)
            path = posixpath.join(destination, name)
        else:
            there = Path(self.copier.target(destination)) if destination != "/" else self.space.root.path
            path = posixpath.join(destination, name) if there.is_dir() else ""
            if not path:
                self.copier.file(source, str(there))
                return
        parent = self.copier.directory(posixpath.dirname(path))
        self.copier.file(source, f"{parent}/{posixpath.basename(path)}")
