"""``RUN``: a program in a container whose root file system is the stage's."""

from __future__ import annotations

import os
import posixpath
import shlex
import threading
from collections import deque
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn, cast

from jettison.builder import chain, mounts
from jettison.builder.change import Workspace, change
from jettison.builder.copying import Copier
from jettison.builder.mounts import SecretSpec, Spec
from jettison.builder.stage import Stage
from jettison.builder.stubs import ALWAYS, Stubs
from jettison.dockerfile.model import Heredoc, Instruction, Run
from jettison.errors import BuildError, ContainerError
from jettison.runtime import BindMount, Container, NetworkNamespace, Process, container, network
from jettison.runtime.users import inside_root

#: Lines of output that the error of a failed step repeats.
_LAST_LINES = 10
_PIPES = "/dev/pipes"
_LOCALHOST = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\tjettison\n"


def run(stage: Stage, instruction: Instruction) -> None:
    """Run it, unless the cache knows what comes of it."""
    payload = cast(Run, instruction.payload)
    args, script = _command(stage, payload)
    specs = [spec for mount in payload.mounts if (spec := mounts.specify(stage, instruction, mount)) is not None]
    env = {**stage.arguments.values, **stage.config.container.environment}
    key = chain.cache_key(
        stage.key, "RUN", args, script.content if script else "", sorted(env.items()), stage.workdir,
        stage.config.container.user, _network(stage, payload), [mounts.identity(stage, spec) for spec in specs],
    )  # fmt: skip

    def work(space: Workspace) -> None:
        _Execution(stage, instruction, space, args, script, env).run(specs)

    change(stage, _created_by(stage, args), key, work)


def _command(stage: Stage, payload: Run) -> tuple[tuple[str, ...], Heredoc | None]:
    """The words to run, and a here-document that is run as a file (one that starts with ``#!``)."""
    command = payload.command
    if command.words is not None:
        return command.words, None
    if not payload.heredocs:
        return (*stage.shell, command.text), None
    first = payload.heredocs[0]
    if len(payload.heredocs) == 1 and command.text.strip().startswith("<<") and len(shlex_words(command.text)) == 1:
        if first.content.startswith("#!"):
            return (f"{_PIPES}/{first.name}",), first
        return (*stage.shell, first.content), None
    bodies = "".join(f"\n{document.content}{document.name}" for document in payload.heredocs)
    return (*stage.shell, command.text + bodies), None


def shlex_words(text: str) -> list[str]:
    """Words of a shell line, roughly: enough to see that there is only one."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _created_by(stage: Stage, args: tuple[str, ...]) -> str:
    """As BuildKit writes it: the number and values of the arguments, then the words."""
    values = [f"{name}={value}" for name, value in stage.arguments.values.items()]
    head = [f"|{len(values)}", *values] if values else []
    return " ".join(["RUN", *head, *args])


def _network(stage: Stage, payload: Run) -> str:
    chosen = payload.network or "default"
    return stage.build.options.network if chosen == "default" else chosen


class _Execution:
    """One run of one step."""

    def __init__(
        self, stage: Stage, instruction: Instruction, space: Workspace,
        args: tuple[str, ...], script: Heredoc | None, env: dict[str, str],
    ) -> None:  # fmt: skip
        self.stage, self.instruction, self.space = stage, instruction, space
        self.args, self.script, self.env = args, script, env
        self.last: deque[bytes] = deque(maxlen=_LAST_LINES)
        self.isolated = _network(stage, cast(Run, instruction.payload)) == "none"

    def run(self, specs: list[Spec]) -> None:
        """To its end. Raises ``BuildError`` where that is not exit code 0."""
        root = self.space.root.path
        with ExitStack() as stack:
            provided = stack.enter_context(mounts.provide(self.stage, self.space, specs))
            bound = [*self._files(), *provided]
            if not os.path.isdir(inside_root(root, self.stage.workdir)):
                Copier(root).directory(self.stage.workdir)
            stubs = Stubs(root)
            stack.callback(stubs.clean)
            self.space.tidy.append(stubs.tidy)
            stubs.make(ALWAYS)
            for mount in bound:
                if not mount.destination.startswith("/dev/"):
                    file = mount.kind == "bind" and not os.path.isdir(mount.source)
                    stubs.make([posixpath.normpath(mount.destination)], files=file)
            spaces = stack.enter_context(network()) if self.isolated else None
            code = self._container(self._process(specs), bound, spaces)
        if code:
            self._fail(code)

    def _process(self, specs: list[Spec]) -> Process:
        secrets = {
            spec.variable: self.stage.build.options.secrets[spec.id].decode("utf-8", "surrogateescape")
            for spec in specs
            if isinstance(spec, SecretSpec) and spec.variable
        }
        values = {**self.stage.arguments.proxies, **self.env, **secrets}
        env = tuple(f"{name}={value}" for name, value in values.items())
        return Process(self.args, env, self.stage.workdir, self.stage.config.container.user)

    def _files(self) -> list[BindMount]:
        """Name resolution as on this machine, and a script; files of ours, so that none ends up in the layer."""
        scratch = self.space.scratch
        files = {"/etc/hosts": _LOCALHOST, "/etc/resolv.conf": ""}
        if not self.isolated:
            files["/etc/hosts"] += _read("/etc/hosts")
            files["/etc/resolv.conf"] = _read("/etc/resolv.conf")
        if self.script:
            files[f"{_PIPES}/{self.script.name}"] = self.script.content
        made = []
        for number, (destination, content) in enumerate(files.items()):
            path = scratch / f"file-{number}"
            path.write_text(content, encoding="utf-8", errors="surrogateescape")
            path.chmod(0o755 if destination.startswith(_PIPES) else 0o644)
            made.append(BindMount(str(path), destination))
        return made

    def _container(self, process: Process, bound: list[BindMount], spaces: NetworkNamespace | None) -> int:
        reading, writing = os.pipe()
        reader = threading.Thread(target=self._read, args=(reading,), daemon=True)
        reader.start()
        try:
            with container(
                self.space.root.path, process, scratch=self.space.scratch, network=spaces, mounts=bound,
                output=writing,
            ) as running:  # fmt: skip
                return self._wait(running)
        except ContainerError as error:
            raise BuildError(f"cannot build {self._where()}: {str(error).partition(': ')[2]}") from error
        finally:
            os.close(writing)
            reader.join()
            os.close(reading)

    def _wait(self, running: Container) -> int:
        while (code := running.wait(0.2)) is None:
            self.stage.build.check()
        return code

    def _read(self, descriptor: int) -> None:
        rest = b""
        while data := os.read(descriptor, 1 << 16):
            self.space.output(data)
            *lines, rest = (rest + data).split(b"\n")
            self.last.extend(lines)
            rest = rest[-4096:]
        if rest:
            self.last.append(rest)

    def _where(self) -> str:
        first, *more = self.instruction.value.strip().split("\n")
        return f"{self.instruction.file}:{self.instruction.line}: RUN {first}{' …' if more else ''}"

    def _fail(self, code: int) -> NoReturn:
        said = "".join(f"\n  {line.decode('utf-8', 'replace').rstrip()}" for line in self.last)
        raise BuildError(f"cannot build {self._where()}: exit code {code}{said}")


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
