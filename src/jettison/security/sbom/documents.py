"""What CycloneDX and SPDX documents have in common: how they are read safely, and what of a package they say."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from jettison.errors import InvalidInput
from jettison.packages.inventory import Component, Inventory
from jettison.security.purl import purl

#: Bytes, and packages: bounds of our own, far above what images have.
LIMIT = 256 << 20
#: Packages of one document.
MOST = 500_000
#: 9999-12-31, the last day that a timestamp can have.
_LAST = 253_402_214_400


def load(data: bytes, name: str) -> dict[str, Any]:
    """The JSON object in ``data``. Raises ``InvalidInput``, also where it is too large or too deep."""
    if len(data) > LIMIT:
        raise InvalidInput(f"cannot read {name}: it has more than {LIMIT >> 20} MiB")
    try:
        value = json.loads(data)
    except RecursionError:
        raise InvalidInput(f"cannot read {name}: it is nested too deeply") from None
    except ValueError as error:
        raise InvalidInput(f"cannot read {name}: it is not JSON ({error})") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"cannot read {name}: it is not a JSON object")
    return value


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of what should be a list of objects; nothing else of it."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def words(value: object) -> str:
    """A text that is to be there; ``""`` for anything else."""
    return value if isinstance(value, str) else ""


def clean(text: str) -> str:
    """The same without the halves of surrogates that stand for bytes which are no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def when(epoch: int | None) -> datetime:
    """The time of a document: ``epoch`` in seconds, or SOURCE_DATE_EPOCH, or 1970: the same input, the same bytes."""
    if epoch is None:
        said = os.environ.get("SOURCE_DATE_EPOCH", "0")
        if not said.isascii() or not said.isdigit():
            raise InvalidInput(f"cannot read SOURCE_DATE_EPOCH: {said!r} is not a number of seconds")
        epoch = int(said)
    return datetime.fromtimestamp(min(epoch, _LAST), UTC)


def named(inventory: Inventory) -> list[tuple[str, str, Component]]:
    """Components with a name of their own within the document, and their purl (``""``: none), in order."""
    seen: dict[str, int] = {}
    found = []
    for component in sorted(inventory.components, key=_order):
        url = purl(component.package, inventory.distribution)
        reference = clean("|".join(part for part in (url or str(component.package), component.place) if part))
        seen[reference] = seen.get(reference, 0) + 1
        if seen[reference] > 1:
            reference = f"{reference}|{seen[reference]}"
        found.append((reference, url, component))
    return found


def _order(component: Component) -> tuple[object, ...]:
    return (*component.key, component.place, component.package.root, tuple(sorted(component.package.records)))


def owned(found: Iterable[tuple[str, str, Component]]) -> dict[str, str]:
    """The name of the distribution package whose file holds it, by the component's name, within the document."""
    rows = list(found)
    by_key = {component.key: reference for reference, _, component in rows if component.package.is_distribution}
    result = {}
    for reference, _, component in rows:
        owner = component.owner and Component(component.owner).key
        if owner in by_key:
            result[reference] = by_key[owner]
    return result
