"""Whatever the text: it is read and rendered back to the last byte, or refused with a place in the file."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from jettison.dockerfile import expand, parse, parse_onbuild, render, split
from jettison.dockerfile.ignore import read
from jettison.errors import DockerfileError, InvalidInput

KEYWORDS = (
    "FROM", "RUN", "CMD", "LABEL", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "USER", "WORKDIR", "ARG",
    "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL", "MAINTAINER",
)  # fmt: skip
FRAGMENTS = (
    *KEYWORDS, "\n", "\r\n", "\\\n", "`\n", " ", "\t", "#", "# escape=`\n", "<<EOF", "<<-'E'", "EOF\n", "[", "]", '"',
    "'", ",", "--", "--from=", "--mount=type=cache,target=", "--link", "=", "$", "${", "}", ":-", "AS", "a", "b", "/",
    ":", "\\", "`", "CMD", "NONE", "--interval=9h", "\ufeff", "\x00", "\x1c", "\u2028", "é",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(lambda parts: "FROM scratch\n" + "".join(parts)),
)


@settings(max_examples=800, deadline=None)
@given(texts)
@example("FROM a\nENV `")
@example("# escape=`\nFROM a\nENV \\")
@example("FROM a\nRUN " + "[" * 100_000)
@example("FROM a\nHEALTHCHECK --interval=" + "9" * 400 + "h CMD a")
@example("FROM a\nRUN --mount=" + "a" * 200_000 + " b")
@example("#" + " " * 100_000 + "escape=" + " " * 100_000 + "` x\nFROM a")
@example("FROM a\nRUN << " + "$" * 100_000)
@example("FROM a\nENV a=" + '"\\' * 100_000)
@example("\ufeffFROM a")
def test_text_survives_or_is_refused(text: str) -> None:
    refused: DockerfileError | None = None
    try:
        assert render(parse(text)) == text
    except DockerfileError as error:
        refused = error
    if refused:
        assert 1 <= refused.line <= text.count("\n") + 1
        assert 1 <= refused.column <= max(len(line) for line in text.split("\n")) + 1


@settings(max_examples=500, deadline=None)
@given(texts)
def test_triggers_are_read_or_refused(text: str) -> None:
    try:
        parse_onbuild(text)
    except DockerfileError:
        pass


@settings(max_examples=800, deadline=None)
@given(texts, st.sampled_from("\\`"))
@example("${a:-" * 100_000, "\\")
@example('"${a:-' * 100_000, "\\")
def test_words_are_expanded_or_refused(text: str, escape: str) -> None:
    for function in (expand, split):
        try:
            function(text, {"a": "x y", "b": ""}, escape)
        except InvalidInput:
            pass


@settings(max_examples=1000, deadline=None)
@given(st.text(alphabet="ab/*?[]^-!\\.#| \n\r", max_size=30), st.text(alphabet="ab/.-]\n", min_size=1, max_size=12))
def test_patterns_are_read_or_refused(text: str, path: str) -> None:
    try:
        read(text).matches(path)
    except InvalidInput:
        pass
