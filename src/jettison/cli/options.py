"""Options that several verbs share, named as Docker, Podman and skopeo name theirs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from jettison.report.printable import printable

if TYPE_CHECKING:
    from jettison.cli.context import Context
    from jettison.oci.descriptor import Platform
    from jettison.oci.recompress import Compression

Function = TypeVar("Function", bound=Callable[..., Any])


class PlatformType(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5
    """``linux/amd64`` on the command line."""

    name = "OS/ARCH[/VARIANT]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Platform:
        """Read it, or end with a usage error."""
        from jettison.errors import InvalidInput
        from jettison.oci.descriptor import Platform

        try:
            return value if isinstance(value, Platform) else Platform.parse(value)
        except InvalidInput as error:
            self.fail(str(error), param, ctx)


class CompressionType(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5
    """``zstd:9`` on the command line; ``whole`` leaves out the formats with a table of contents."""

    name = "ALGORITHM[:LEVEL]"

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Compression:
        """Read it, or end with a usage error."""
        from jettison.errors import InvalidInput
        from jettison.oci.recompress import Compression

        try:
            chosen = value if isinstance(value, Compression) else Compression.parse(value)
            if self._whole and chosen.codec != chosen.algorithm:
                raise InvalidInput(f"cannot use compression {value!r} here: push and copy make {chosen.algorithm}")
            return chosen
        except InvalidInput as error:
            self.fail(str(error), param, ctx)


class ShareType(click.FloatRange):
    """A share, 0 to 1: not ``nan``, with which no comparison holds."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or end with a usage error."""
        found = super().convert(value, param, ctx)
        if found != found:  # nan alone is not itself
            self.fail("it must be a number from 0 to 1, not nan", param, ctx)
        return found


class SizeType(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5
    """``20MB`` on the command line; bytes for the program."""

    name = "SIZE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it, or end with a usage error."""
        from jettison.configuration import size

        try:
            return size(value)
        except ValueError as error:
            self.fail(f"it must be {error}, not {value!r}", param, ctx)


def platform(function: Function) -> Function:
    """``--platform``."""
    return click.option(
        "--platform",
        type=PlatformType(),
        help="Which image of a multi-platform one.  [default: that of this machine]",
    )(function)


def compression(function: Function) -> Function:
    """``--compression``."""
    return click.option(
        "--compression",
        type=CompressionType(),
        help="Compress layers as zstd, gzip, none, zstd:chunked or estargz, with a level if you like (zstd:9).  "
        "[default: as they are]",
    )(function)


def told(context: Context) -> Callable[[str], None]:
    """Prints a sentence on standard error, unless Jettison is to be quiet."""
    return lambda note: None if context.quiet else click.echo(f"jettison: {printable(note)}", err=True)


def json(function: Function) -> Function:
    """``--json``, handed over as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, and nothing else.")(function)


def registry(function: Function) -> Function:
    """``--tls-verify`` and ``--insecure``, handed over as one ``insecure``."""

    @functools.wraps(function)
    def either(*arguments: Any, tls_verify: bool, insecure: bool, **named: Any) -> Any:
        return function(*arguments, insecure=insecure or not tls_verify, **named)

    verify = click.option(
        "--tls-verify",
        type=bool,
        default=True,
        help="Verify certificates and speak only HTTPS, except to this machine.  [default: true]",
    )
    insecure = click.option("--insecure", is_flag=True, help="The same as --tls-verify=false.")
    return cast("Function", verify(insecure(either)))
