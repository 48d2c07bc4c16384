"""The last stage's instructions that make a container run as the original's does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from jettison.errors import Unsupported
from jettison.oci.config import ContainerConfig, Healthcheck
from jettison.rewrite.observation.quoting import duration, value
from jettison.rewrite.observation.spoken import NOTHING, Spoken

_DEFAULT_SHELL = ("/bin/sh", "-c")


def settings(
    container: ContainerConfig, escape: str = "\\", *, reset: bool = False, spoken: Spoken = NOTHING
) -> Iterator[str]:
    """Instructions, each of one or more lines. With ``reset``, also those that undo what a base may have set.

    What depends on build arguments is said as the original says it (``spoken``): another value takes effect in the
    result too, and a secret that was given is not written down.
    ONBUILD triggers are not among them: they are for builds, and were carried out in the original's. Raises
    ``Unsupported`` for a value that no Dockerfile can say.
    """
    environment = [item.partition("=")[::2] for item in container.env]
    yield from _pairs("ENV", [pair for pair in environment if pair[0] not in spoken.environment], escape)
    yield from _pairs("LABEL", [pair for pair in container.labels.items() if pair[0] not in spoken.labels], escape)
    yield from spoken.lines(escape)
    if container.shell is not None and container.shell != _DEFAULT_SHELL:
        yield f"SHELL {_words(container.shell)}"
    if container.working_dir.rstrip("/") or reset:
        yield f"WORKDIR {value(container.working_dir or '/', 'WORKDIR', escape)}"
    if container.user or reset:
        yield f"USER {value(container.user or '0', 'USER', escape)}"
    if container.exposed_ports:
        yield "EXPOSE " + " ".join(port.removesuffix("/tcp") for port in container.exposed_ports)
    if container.volumes:
        yield f"VOLUME {_words([volume.replace('$', f'{escape}$') for volume in container.volumes])}"
    if container.stop_signal:
        yield f"STOPSIGNAL {value(container.stop_signal, 'STOPSIGNAL', escape)}"
    yield from _health(container.healthcheck, escape, reset=reset)
    for keyword, words in (("ENTRYPOINT", container.entrypoint), ("CMD", container.cmd)):
        if words is not None or reset:
            yield f"{keyword} {_words(words or ())}"


def _words(words: Sequence[str]) -> str:
    """Exec form. Bytes that are not UTF-8 are in no configuration, which is JSON."""
    return json.dumps(list(words), ensure_ascii=False)


def _pairs(keyword: str, pairs: Iterable[tuple[str, str]], escape: str) -> Iterator[str]:
    """One instruction with a line for each pair."""
    lines = [f"{value(name, keyword, escape)}={_value(text, f'{keyword} {name}', escape)}" for name, text in pairs]
    if lines:
        yield f"{keyword} " + f" {escape}\n    ".join(lines)


def _value(text: str, what: str, escape: str) -> str:
    return value(text, what, escape) if text else '""'


def _health(check: Healthcheck | None, escape: str, *, reset: bool) -> Iterator[str]:
    if check is None or not check.test or check.test[0] == "NONE":
        if reset or (check and check.test):
            yield "HEALTHCHECK NONE"
        return
    flags = [
        ("interval", check.interval), ("timeout", check.timeout), ("start-period", check.start_period),
        ("start-interval", check.start_interval),
    ]  # fmt: skip
    said = [f"--{name}={duration(time)}" for name, time in flags if time]
    said += [f"--retries={check.retries}"] if check.retries else []
    if check.test[0] == "CMD-SHELL" and len(check.test) == 2:
        command = _shell_text(check.test[1], escape)
    else:
        command = _words(check.test[1:])
    yield " ".join(["HEALTHCHECK", *said, "CMD", command])


def _shell_text(text: str, escape: str) -> str:
    """Shell form, which is neither read as exec form nor cut."""
    if "\n" in text or text != text.strip() or text.endswith(escape) or text.startswith("["):
        raise Unsupported(f"cannot write HEALTHCHECK into a Dockerfile: the shell form cannot say {text!r}")
    return text
