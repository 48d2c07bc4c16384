"""Variables, quotes and escapes, as Docker's reference ("Environment replacement") and BuildKit define them."""

from __future__ import annotations

import pytest

from jettison.dockerfile import expand, expand_document, split
from jettison.errors import InvalidInput

ENV = {
    "v": "value",
    "empty": "",
    "path": "/a/b.tar.gz",
    "words": "one  two",
    "glob": "*.",
    "x1": "digit",
    "f": "f[a]f",
} | {
    "unicodé": "é",
    "é": "e",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$v", "value"),
        ("${v}", "value"),
        ("a${v}b", "avalueb"),
        ("$v-b", "value-b"),
        ("$vb", ""),
        ("$x1y", ""),
        ("$unset", ""),
        ("${unset}", ""),
        ("$", "$"),
        ("a$ b", "a$ b"),
        ("$/x", "$/x"),
        ("$1", ""),
        ("$12x", "x"),
        # defaults and alternatives
        ("${v:-d}", "value"),
        ("${unset:-d}", "d"),
        ("${empty:-d}", "d"),
        ("${empty-d}", ""),
        ("${unset-d}", "d"),
        ("${v:+x}", "x"),
        ("${empty:+x}", ""),
        ("${empty+x}", "x"),
        ("${unset+x}", ""),
        ("${unset:-}", ""),
        ("${unset:-$v}", "value"),
        ("${unset:-${empty:-$v}}", "value"),
        ("${unset:-a b}", "a b"),
        ("${unset:-'}'}", "}"),
        ("${unset:-\\}}", "}"),
        ('${unset:-"$v"}', "value"),
        ("${v:?e}", "value"),
        ("${empty?e}", ""),
        # prefixes and suffixes
        ("${path#*/}", "a/b.tar.gz"),
        ("${path##*/}", "b.tar.gz"),
        ("${path%.*}", "/a/b.tar"),
        ("${path%%.*}", "/a/b"),
        ("${path#nothing}", "/a/b.tar.gz"),
        ("${path%nothing}", "/a/b.tar.gz"),
        ("${v#?}", "alue"),
        ("${v%?}", "valu"),
        ("${v#}", "value"),
        ("${v##*}", ""),
        ('${v##"*"}', ""),
        ("${path#*a*}", "/b.tar.gz"),
        ("${path##*a*}", ""),
        ("${path%a*}", "/a/b.t"),
        ("${path%%a*}", "/"),
        ("${path%?*.*}", "/a/b.ta"),
        ("${unicodé}", "é"),
        ("$é", "e"),
        ("${+x}", ""),
        ("${v#val}", "ue"),
        ("${v#alue}", "value"),
        ("${unset#x}", ""),
        ("${path#$glob}", "tar.gz"),
        ("${f#f[a]}", "f"),
        ("${v#\\*}", "value"),
        ('${v#"*"}', "value"),
        # replacement
        ("${v/a/o}", "volue"),
        ("${path/a/x}", "/x/b.tar.gz"),
        ("${path//a/x}", "/x/b.txr.gz"),
        ("${path//./}", "/a/btargz"),
        ("${path/tar/}", "/a/b..gz"),
        ("${path//\\//-}", "-a-b.tar.gz"),
        ("${path/a*r/x}", "/x.gz"),
        ("${v/alue/$empty}", "v"),
        ("${v/a/\\1}", "v\\1lue"),
        ("${path/\\/a/}", "/b.tar.gz"),
        # quotes and escapes
        ("'$v'", "$v"),
        ('"$v"', "value"),
        ("\"a '$v' b\"", "a 'value' b"),
        ("'a \"b\"'", 'a "b"'),
        ("\\$v", "$v"),
        ("\\\\", "\\"),
        ("\\n", "n"),
        ('"\\n"', "\\n"),
        ('"\\$v \\" \\\\"', '$v " \\'),
        ("'\\'", "\\"),
        ("a\\ b", "a b"),
        ("end\\", "end"),
        ("a'b'\"c\"d", "abcd"),
        ("`$v`", "`value`"),
    ],
)
def test_expand(text: str, expected: str) -> None:
    assert expand(text, ENV) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C:\\$v", "C:\\value"),
        ("`$v", "$v"),
        ("``", "`"),
        ('"`$v"', "$v"),
        ('"\\$v"', "\\value"),
        ("'`'", "`"),
        ("${unset:-`}}", "}"),
    ],
)
def test_backtick_as_escape(text: str, expected: str) -> None:
    assert expand(text, ENV, "`") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("'open", "single quote"),
        ('"open', "double quote"),
        ("${v", "${v"),
        ("${", "name"),
        ("${}", "name"),
        ("${v:-", "not closed"),
        ("${v!x}", "modifier"),
        ("${:-x}", "name"),
        ("${v/a}", "no /"),
        ("${v#\\a}", "stands for nothing"),
        ("${v:x}", "modifier"),
        ("${unset:?no $v}", "cannot expand ${unset}: no value"),
        ("${empty:?}", "it is not set"),
        ("${unset?gone}", "gone"),
        ("${a:-" * 60 + "}" * 60, "deep"),
    ],
)
def test_errors(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        expand(text, ENV)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("a b\tc", ["a", "b", "c"]),
        ("'a b' c", ["a b", "c"]),
        ('"a b"c', ["a bc"]),
        ("a\\ b c", ["a b", "c"]),
        ("$words", ["one", "two"]),
        ('"$words"', ["one  two"]),
        ("x$words", ["xone", "two"]),
        ("$empty", []),
        ('""', []),
        ("a '' b", ["a", "b"]),
        ("a << b", ["a", "<< b"]),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert split(text, ENV) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $v\n\tb\n", "a value\n\tb\n"),
        ('it\'s "${v}"\n', 'it\'s "value"\n'),
        ("\\$v \\\\ \\n", "$v \\ n"),
        ("${unset:-'d'}", "'d'"),
        ("", ""),
    ],
)
def test_documents_keep_their_quotes(text: str, expected: str) -> None:
    assert expand_document(text, ENV) == expected


def test_hostile_patterns_are_quick() -> None:
    value = {"v": "a" * 5000}
    assert expand("${v#" + "*a" * 200 + "*b}", value) == value["v"]
    assert expand("${v%" + "b*" + "a*" * 200 + "}", value) == value["v"]
    assert expand("${v//" + "a*" * 50 + "b/x}", {"v": "a" * 1000}) == "a" * 1000
