"""Options in named sections, as a man page has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


class SectionOption(click.Option):
    """An option that belongs to a section of the help page."""

    def __init__(self, *args: Any, section: str = "Options", **attributes: Any) -> None:
        self.section = section
        super().__init__(*args, **attributes)


class SectionedCommand(click.Command):
    """A command whose help page lists its options section by section, in the order of their declaration."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, click.Option):
                sections.setdefault(getattr(parameter, "section", "Other"), []).append(record)
        sections["Other"] = sections.pop("Other", [])  # --help goes last
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


def section(title: str) -> Callable[..., Callable[[Function], Function]]:
    """``option = section("Probes")``, then ``@option("--http", …)`` as ``click.option``."""

    def option(*names: str, **attributes: Any) -> Callable[[Function], Function]:
        return click.option(*names, cls=SectionOption, section=title, **attributes)

    return option
