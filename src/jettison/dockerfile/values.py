"""What instructions are made of: words, flags, JSON lists, and values of flags as Go reads them."""

from __future__ import annotations

import json
import re

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
#: What separates words; a no-break space, for one, does not.
_SPACE = re.compile(r"[\t\v\f\r ]+")


def words(text: str) -> list[str]:
    """The words of ``text``, quotes and all."""
    return [word for word in _SPACE.split(text) if word]


def first_word(text: str) -> tuple[str, str]:
    """The first word, and what follows the white space behind it."""
    first, *rest = _SPACE.split(text.strip(), maxsplit=1)
    return first, rest[0] if rest else ""


def pair_words(text: str, escape: str) -> list[str]:
    """The words of ENV, LABEL and ARG: separated outside quotes, quotes and escapes kept."""
    e = re.escape(escape)
    return re.findall(rf"(?:{e}.|\"(?:{e}.|[^\"{e}])*\"?|'[^']*'?|[^\s\"'{e}]|{e})+", text, re.DOTALL)


def take_flags(text: str, escape: str) -> tuple[list[str], str]:
    """The leading words with ``--``, quotes and escapes taken away, and what follows. ``--`` alone ends them."""
    flags: list[str] = []
    rest = text.strip()
    while rest.startswith("--"):
        flag, rest = _flag(rest, escape)
        rest = rest.lstrip()
        if flag == "--":
            break
        flags.append(flag)
    return flags, rest


def _flag(text: str, escape: str) -> tuple[str, str]:
    parts: list[str] = []
    quote = ""
    characters = enumerate(text)
    for at, char in characters:
        if char == escape:
            parts.append(next(characters, (at, ""))[1])
        elif char == quote:
            quote = ""
        elif char in "'\"" and not quote:
            quote = char
        elif char.isspace() and not quote:
            return "".join(parts), text[at:]
        else:
            parts.append(char)
    return "".join(parts), ""


def json_words(text: str) -> tuple[str, ...] | None:
    """A JSON list of texts; ``None`` where it is no JSON list. Raises ``ValueError`` for a list with something else."""
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(word, str) for word in value):
        raise ValueError("a JSON list must hold texts in double quotes and nothing else")
    return tuple(_without_surrogates(word) for word in value)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def duration(text: str) -> int:
    """``1h30m``, ``500ms`` in nanoseconds; 0 for ``""``. Raises ``ValueError``, also below a millisecond."""
    plain = text.removeprefix("+")
    if plain in ("", "0"):
        return 0
    parts = _PART.findall(plain)
    if "".join(number + unit for number, unit in parts) != plain:
        raise ValueError(f"{text!r} is no duration, as 30s or 1m30s")
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if total >= 1 << 63:
        raise ValueError(f"{text!r} is too long a duration")
    if 0 < total < 10**6:
        raise ValueError(f"{text!r} is shorter than a millisecond")
    return round(total)


def whole(text: str) -> int:
    """A whole number of at most nine digits; ``""`` is 0. Raises ``ValueError``."""
    if not re.fullmatch(r"\+?[0-9]{0,9}", text):
        raise ValueError(f"{text!r} is no whole number, as 3")
    return int(text or 0)


def boolean(text: str) -> bool:
    """``true`` or ``false``. Raises ``ValueError``."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.lower() == "true"
