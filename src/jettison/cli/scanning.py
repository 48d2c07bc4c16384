"""What ``jettison scan`` does with its flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from jettison import configuration
from jettison.cli import choices
from jettison.cli.context import Context
from jettison.configuration import Configuration, Gates
from jettison.errors import GateFailed, InvalidInput, NotFound
from jettison.filetree import index
from jettison.oci import transfer
from jettison.report.json import render
from jettison.report.security import gates as gating
from jettison.report.security import sarif, summary, terminal
from jettison.report.security.model import Security
from jettison.security import foreign, match, sbom, vex
from jettison.security.advisories import default_path
from jettison.security.assess import Assessed, Knowledge, assess, compare, knowledge
from jettison.security.model import Scan


def run(context: Context, images: Sequence[str], flags: Mapping[str, Any]) -> None:
    """Do it. Raises ``GateFailed`` where a gate does not hold, after everything was printed."""
    config = configuration.load(flags["config"]) if flags["config"] else Configuration()
    gates = choices.security_gates(flags, config)
    with told(flags, config, required=gates.need_scan) as known:
        found = [_assessed(context, image, known, flags) for image in images]
        _give(found, "json" if flags["as_json"] else flags["form"], flags)
    check(gates, report(found))


@contextmanager
def told(flags: Mapping[str, Any], config: Configuration, *, required: bool) -> Iterator[Knowledge]:
    """What findings are judged by. Where no database was named and the default one is not there, none is used,
    unless it is ``required``."""
    asked = choices.scanning(flags, config)
    path = flags["db"] or default_path()
    there = path if flags["db"] or required or path.exists() else None
    with knowledge(there, max_age=asked.max_age, vex_files=asked.vex, ignore_file=asked.ignore) as known:
        yield known


def _assessed(context: Context, text: str, known: Knowledge, flags: Mapping[str, Any]) -> Assessed:
    """An image, or what a file says of one."""
    path = Path(text)
    if path.is_file():
        return Assessed(_from_file(path, known))
    if path.suffix in (".json", ".xml", ".spdx"):
        raise NotFound(f"cannot read {text}: there is no such file")
    store = context.store()
    image = transfer.resolve(
        store, text, flags["platform"], progress=context.progress(), insecure=flags["insecure"]
    )  # fmt: skip
    return assess(store, image, text, index(store.snapshots(image)), known)


def _from_file(path: Path, known: Knowledge) -> Scan:
    """Somebody else's result as it is; an SBOM is matched with the advisories."""
    content = path.read_bytes()
    if foreign.recognise(content):
        found = foreign.read(content, path.name)
        everything = (*found.findings, *found.suppressed)
        judged, notes = match.judge(found.image, everything, found.inventory.distribution, known.vex, known.ignored)
        counted = tuple(finding for finding in judged if not finding.suppressed)
        suppressed = tuple(finding for finding in judged if finding.suppressed)
        return replace(found, findings=counted, suppressed=suppressed, notes=(*found.notes, *notes))
    if sbom.recognise(content):
        return match.scan(path.name, sbom.read(content, path.name), known.database, known.vex, known.ignored)
    raise InvalidInput(f"cannot read {path}: it is no result of Trivy, Grype or Syft, and no CycloneDX or SPDX")


def report(found: Sequence[Assessed]) -> Security:
    """What a report says of one image, or of two."""
    if len(found) == 1:
        return without_layers(found[0], summary.of_image(found[0].scan, found[0].weaknesses))
    before, after = found
    security = summary.of_two(compare(before, after), before.weaknesses, after.weaknesses)
    return without_layers(after, security)


def without_layers(last: Assessed, security: Security) -> Security:
    """Of what only a file tells, nobody knows the layers."""
    if last.tree is not None:
        return security
    findings = tuple(replace(line, layer=-1) for line in security.after.findings)
    return replace(security, after=replace(security.after, findings=findings))


def check(gates: Gates, found: Security) -> None:
    """Raise ``GateFailed`` naming every condition that does not hold for the last image."""
    broken = tuple(gating.broken(gates, found))
    if broken:
        raise GateFailed(f"cannot accept {found.after.image}: {'; '.join(broken)}")
    if gates.need_scan and found.after.not_known:
        click.echo("jettison: the gates hold for what is known; --fail-on unknown-inventory wants more", err=True)


def _give(found: Sequence[Assessed], form: str, flags: Mapping[str, Any]) -> None:
    if form == "table":
        _table(report(found), flags)
        return
    text = document(found, form)
    if flags["output"]:
        flags["output"].write_text(text, encoding="utf-8")
    else:
        click.echo(text)


def document(found: Sequence[Assessed], form: str) -> str:
    """One of the forms for programs. An SBOM is of the last image, a VEX document of what the last one lacks."""
    if form == "json":
        return render(report(found))
    if form == "sarif":
        return sarif.render(report(found))
    last = found[-1].scan
    if form == "openvex":
        if len(found) != 2:
            raise click.UsageError("--format openvex takes two images: what the second one lacks is not present in it")
        return vex.write(compare(*found)).decode()
    return sbom.write(form, last.image, last.inventory, findings=last.findings).decode()


def _table(security: Security, flags: Mapping[str, Any]) -> None:
    from rich.console import Console

    least, weaknesses = flags["severity"], flags["weaknesses"]
    if flags["output"]:
        with flags["output"].open("w", encoding="utf-8") as file:
            terminal.show(security, Console(file=file, width=120), least=least, weaknesses=weaknesses)
    else:
        terminal.show(security, Console(highlight=False), least=least, weaknesses=weaknesses)
