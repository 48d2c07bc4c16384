"""Every instruction of Docker's reference, what stands around them, and where errors point."""

from __future__ import annotations

import pytest

from jettison.dockerfile import Instruction, parse, parse_onbuild, render
from jettison.dockerfile.model import (
    Arg,
    Command,
    Copy,
    From,
    Health,
    Heredoc,
    Mount,
    OnBuild,
    Pairs,
    Payload,
    Run,
    ShellWords,
    Text,
    Words,
)  # fmt: skip
from jettison.errors import DockerfileError

SECOND = 10**9


def instruction(text: str) -> Instruction:
    """The one after ``FROM``."""
    return parse(f"FROM scratch\n{text}").instructions[1]


def mounted(text: str) -> Mount:
    payload = instruction(f"RUN --mount={text} true").payload
    assert isinstance(payload, Run)
    return payload.mounts[0]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("FROM a:1", From("a:1")),
        ("from a As Builder", From("a", "Builder")),
        ("FROM --platform=$BUILDPLATFORM a AS b", From("a", "b", "$BUILDPLATFORM")),
        ("RUN a b", Run(Command("a b"))),
        ("RUN\ta\tb", Run(Command("a\tb"))),
        ('RUN ["a", "b c"]', Run(Command(words=("a", "b c")))),
        ("RUN ['a']", Run(Command("['a']"))),
        ("RUN [ -f x ]", Run(Command("[ -f x ]"))),
        ("RUN --network=none --security=sandbox a", Run(Command("a"), (), "none", "sandbox")),
        ("RUN -- --network=none", Run(Command("--network=none"))),
        ("CMD a b", Command("a b")),
        ('CMD ["a"]', Command(words=("a",))),
        ("CMD []", Command(words=())),
        ('ENTRYPOINT ["a", "\\u00e9"]', Command(words=("a", "é"))),
        ("ENTRYPOINT exec a", Command("exec a")),
        ("LABEL a=1 b.c='x y' \"d e\"=\"f g\"", Pairs((("a", "1"), ("b.c", "'x y'"), ('"d e"', '"f g"')))),
        ("LABEL a some text", Pairs((("a", "some text"),))),
        ("ENV a=1 b=$a c=x\\ y d=", Pairs((("a", "1"), ("b", "$a"), ("c", "x\\ y"), ("d", "")))),
        ("ENV a   b=c  d", Pairs((("a", "b=c  d"),))),
        ("ENV a\tb", Pairs((("a", "b"),))),
        ("EXPOSE 80 53/udp $P", Words(("80", "53/udp", "$P"))),
        ("VOLUME /a /b", Words(("/a", "/b"))),
        ('VOLUME ["/a", "/b c"]', Words(("/a", "/b c"))),
        ("USER app:$G", Text("app:$G")),
        ("WORKDIR /a b", Text("/a b")),
        ("STOPSIGNAL SIGQUIT", Text("SIGQUIT")),
        ("MAINTAINER A <a@b.c>", Text("A <a@b.c>")),
        ("ARG a b=c d=\"e f\" g=", Arg((("a", None), ("b", "c"), ("d", '"e f"'), ("g", "")))),
        ('SHELL ["/bin/bash", "-c"]', ShellWords(("/bin/bash", "-c"))),
        ("COPY a b/ c/", Copy(("a", "b/"), "c/")),
        ('COPY ["a b", "c d"]', Copy(("a b",), "c d")),
        ("COPY --from=x --chown=a:b --chmod=0755 a b", Copy(("a",), "b", from_="x", chown="a:b", chmod="0755")),
        ("COPY --link --parents=true a b", Copy(("a",), "b", link=True, parents=True)),
        ("COPY --link=false --exclude=*.md --exclude=x a b", Copy(("a",), "b", exclude=("*.md", "x"))),
        ("COPY --exclude='a b' --chown=\"u\" a b", Copy(("a",), "b", chown="u", exclude=("a b",))),
        ("ADD a b", Copy(("a",), "b", add=True)),
        ("ADD --checksum=sha256:ab --keep-git-dir https://e.org/x b",
         Copy(("https://e.org/x",), "b", add=True, checksum="sha256:ab", keep_git_dir=True)),
        ("EXPOSE [80]", Words(("[80]",))),
        ('CMD ["\\ud800"]', Command(words=("\ufffd",))),
        ("CMD [NaN]", Command("[NaN]")),
        ("CMD -- --verbose", Command("--verbose")),
        ('COPY --chown="a b":c --exclude=it\\\'s a b', Copy(("a",), "b", chown="a b:c", exclude=("it's",))),
        ("EXPOSE a\u00a0b", Words(("a\u00a0b",))),
        ("HEALTHCHECK NONE", Health(None)),
        ("HEALTHCHECK CMD a b", Health(Command("a b"))),
        ("HEALTHCHECK\tcmd\ta", Health(Command("a"))),
        ('HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --start-interval=1s --retries=3 CMD ["a"]',
         Health(Command(words=("a",)), 90 * SECOND, SECOND // 2, 2 * SECOND, SECOND, 3)),
    ],
)  # fmt: skip
def test_payloads(text: str, payload: Payload) -> None:
    if isinstance(payload, From):
        assert parse(text).instructions[0].payload == payload
    else:
        assert instruction(text).payload == payload


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("type=cache,target=/a,sharing=locked", Mount("cache", {"target": "/a", "sharing": "locked"})),
        ("target=/a,rw,from=b", Mount("bind", {"target": "/a", "rw": "true", "ro": "false", "from": "b"})),
        ("dst=/a,src=b,readonly=0", Mount("bind", {"target": "/a", "source": "b", "rw": "true", "ro": "false"})),
        (
            "TYPE=Cache,destination=/a,ro,id=$b",
            Mount("cache", {"target": "/a", "rw": "false", "ro": "true", "id": "$b"}),
        ),
        ("type=bind", Mount("bind", {})),
        ("type=secret,id=a,required", Mount("secret", {"id": "a", "required": "true"})),
        ('type=bind,"target=/a b"', Mount("bind", {"target": "/a b"})),
    ],
)
def test_mounts(text: str, mount: Mount) -> None:
    assert mounted(text) == mount


def test_triggers() -> None:
    payload = instruction("ONBUILD COPY --from=a . /src").payload
    assert isinstance(payload, OnBuild)
    assert payload.text == "COPY --from=a . /src"
    assert payload.trigger.payload == Copy((".",), "/src", from_="a")
    with_heredoc = instruction("ONBUILD RUN <<EOF\na\nEOF\n").payload
    assert isinstance(with_heredoc, OnBuild)
    assert with_heredoc.text == "RUN <<EOF\na\nEOF"
    assert parse_onbuild(with_heredoc.text).payload == with_heredoc.trigger.payload
    assert parse_onbuild("RUN a \\\n b").payload == Run(Command("a  b"))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("RUN a \\\n b", "a  b"),
        ("RUN a \\  \t\n b", "a  b"),
        ("RUN a \\\n# no\n   # no\n\n b", "a  b"),
        ("RUN a \\\r\n b\r\n", "a  b"),
        ("RUN a\\\nb", "ab"),
        ("RUN a \\\\\nUSER b", "a \\\\"),
        ("RUN a # b", "a # b"),
        ("RUN a \\", "a"),
        ("RUN \\\n  a", "a"),
        ("   RUN   a   ", "a"),
        ("RUN a \\ b", "a \\ b"),
    ],
)
def test_continuations(text: str, command: str) -> None:
    payload = instruction(text).payload
    assert isinstance(payload, Run)
    assert payload.command.text == command


def test_directives() -> None:
    text = "# syntax=docker/dockerfile:1\n#ESCAPE = `\n# check=skip=all\n\nFROM a\nRUN a `\n b \\\nUSER c\n"
    found = parse(text)
    assert found.directives == {"syntax": "docker/dockerfile:1", "escape": "`", "check": "skip=all"}
    assert [one.value for one in found.instructions] == ["a", "a  b \\", "c"]
    assert found.escape == "`"
    assert parse("  # escape =\t` \r\nFROM a").escape == "`"
    assert parse("# comment\n# escape=`\nFROM a").directives == {}
    assert parse("# other=1\n# escape=`\nFROM a").directives == {}
    assert parse("\n# escape=`\nFROM a").directives == {}


def test_the_escape_character_also_escapes_words() -> None:
    payload = parse("# escape=`\nFROM a\nENV a=x` y b=C:\\ c=d").instructions[1].payload
    assert payload == Pairs((("a", "x` y"), ("b", "C:\\"), ("c", "d")))


def test_line_ends_and_byte_order_mark() -> None:
    text = "\ufeffFROM a\r\n\r\nRUN b \\\r\n  c\r\n"
    found = parse(text)
    assert [one.value for one in found.instructions] == ["a", "b   c"]
    assert [one.line for one in found.instructions] == [1, 3]
    assert render(found) == text


@pytest.mark.parametrize(
    ("text", "heredocs"),
    [
        ("RUN <<EOF\na $b\nEOF\n", [Heredoc("EOF", "a $b\n", True)]),
        ("RUN <<'EOF'\na\nEOF", [Heredoc("EOF", "a\n", False)]),
        ('RUN <<"E F"\na\nE F', [Heredoc("E F", "a\n", False)]),
        ("RUN <<-EOF\n\ta\n\t\tb\n\tEOF\n", [Heredoc("EOF", "a\nb\n", True, True)]),
        ("RUN python3 <<EOF && echo 1\nx\nEOF", [Heredoc("EOF", "x\n", True)]),
        ("COPY <<a <<b /d/\n1\na\n2\nb\n", [Heredoc("a", "1\n", True), Heredoc("b", "2\n", True)]),
        ("ADD <<a /d\na\n", [Heredoc("a", "", True)]),
        ("RUN 3<<EOF cat\n# kept\n\nEOF", [Heredoc("EOF", "# kept\n\n", True)]),
        ("ONBUILD RUN <<EOF\na\nEOF", [Heredoc("EOF", "a\n", True)]),
        ("RUN <<EOF\r\na\r\nEOF\r\n", [Heredoc("EOF", "a\r\n", True)]),
        ('RUN echo "<<EOF"', []),
        ("RUN cat <<<EOF", []),
        ("RUN cat << EOF\na\nEOF", [Heredoc("EOF", "a\n", True)]),
        ("RUN cat <<E'O'F\n$a\nEOF", [Heredoc("EOF", "$a\n", False)]),
        ("RUN cat <<\\EOF\na\nEOF", [Heredoc("EOF", "a\n", True)]),
        ("RUN cat <<$EOF\na\n$EOF", [Heredoc("$EOF", "a\n", True)]),
        ("RUN a <<EOF>b\na\nEOF>b", [Heredoc("EOF>b", "a\n", True)]),
        ("RUN it's <<EOF", []),
        ("RUN ${a[0]} <<EOF", []),
        ('RUN ["a", "<<EOF"]', []),
        ('COPY ["<<EOF", "a"]', []),
    ],
)
def test_heredocs(text: str, heredocs: list[Heredoc]) -> None:
    payload = instruction(f"{text}\n").payload
    payload = payload.trigger.payload if isinstance(payload, OnBuild) else payload
    assert isinstance(payload, Run | Copy)
    assert list(payload.heredocs) == heredocs


def test_what_follows_a_heredoc_is_read() -> None:
    found = parse("FROM a\nRUN <<EOF\nFROM b\nEOF\nUSER c\n")
    assert [(one.keyword, one.line) for one in found.instructions] == [("FROM", 1), ("RUN", 2), ("USER", 5)]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "no instructions"),
        ("# only\n", 1, 1, "no instructions"),
        ("RUN a", 1, 1, "first instruction must be FROM"),
        ("ARG a\n  RUN a", 2, 3, "first instruction must be FROM"),
        ("FORM a", 1, 1, "unknown instruction FORM; did you mean FROM?"),
        ("\ufeffFORM a", 1, 1, "unknown instruction FORM"),
        ("FROM a\n  COYP a b", 2, 3, "did you mean COPY?"),
        ("FROM a\nXYZZY", 2, 1, "unknown instruction XYZZY"),
        ("FROM a b", 1, 8, "FROM takes IMAGE, or IMAGE AS NAME"),
        ("FROM a AS 1x", 1, 11, "no name for a stage"),
        ("FROM", 1, 1, "FROM needs an argument"),
        ("FROM --platfrom=x a", 1, 6, "no flag --platfrom; did you mean --platform?"),
        ("FROM a\nRUN", 2, 1, "RUN needs an argument"),
        ("FROM a\nRUN --mount=type=cache,target=/a", 2, 1, "RUN needs a command"),
        ("FROM a\nRUN a && \\\n# --mout=x\n --mout=b\nRUN --mout=x \\\n b", 5, 5, "did you mean --mount?"),
        ("FROM a\nRUN \\\n# --nework=x\n  --nework=none b", 4, 3, "did you mean --network?"),
        ("FROM a\nRUN --network=nine b", 2, 5, "--network takes default, none, host"),
        ("FROM a\nRUN --mount=type=bund,target=/a b", 2, 5, "type 'bund' is none of"),
        ("FROM a\nRUN --mount=type=tmpfs,target=/a,uid=1 c", 2, 5, "a tmpfs mount has no key 'uid'"),
        ("FROM a\nRUN --mount=target=/a,shring=locked c", 2, 5, "no mount has a key 'shring'; did you mean sharing?"),
        ("FROM a\nRUN --mount=target=/a,ro=maybe c", 2, 5, "ro=maybe is neither true nor false"),
        ("FROM a\nRUN --mount=target=/a,from=$b c", 2, 5, "from= takes no variables"),
        ("FROM a\nRUN --mount=type=secret c", 2, 5, "a secret mount needs id= or target="),
        ("FROM a\nRUN --mount=type=cache,target=/a,sharing=all c", 2, 5, "sharing 'all' is none of"),
        ("FROM a\nCOPY --from=$a b c", 2, 6, "--from takes no variables"),
        ("FROM a\nCOPY a <<EOF\nEOF", 2, 8, "COPY needs a destination behind its here-documents"),
        ("FROM a\nRUN [1]", 2, 5, "a JSON list must hold texts"),
        ("FROM a\nCOPY [null]", 2, 6, "a JSON list must hold texts"),
        ("FROM a\nCMD --verbose a", 2, 5, "CMD has no flag --verbose"),
        ("FROM a\nENV --a=b c=d", 2, 5, "ENV has no flag --a"),
        ("FROM a\nVOLUME []", 2, 8, "VOLUME needs paths"),
        ("FROM a\nHEALTHCHECK CMD []", 2, 13, "HEALTHCHECK takes NONE, or CMD and a command"),
        ("FROM a\nHEALTHCHECK --timeout=1us CMD a", 2, 13, "'1us' is shorter than a millisecond"),
        ("FROM a\nRUN\u00a0b", 2, 1, "unknown instruction RUN\u00a0b; did you mean RUN?"),
        ("FROM a\nCOPY a", 2, 1, "COPY needs at least a source and a destination"),
        ("FROM a\nCOPY --from a b", 2, 6, "--from needs a value"),
        ("FROM a\nCOPY --from=a --from=b c d", 2, 6, "--from stands here twice"),
        ("FROM a\nCOPY --link=maybe a b", 2, 6, "'maybe' is neither true nor false"),
        ("FROM a\nCOPY --chowm=a b c", 2, 6, "did you mean --chown?"),
        ("FROM a\nADD --unpack a b", 2, 5, "--engine docker does it"),
        ("FROM a\nADD <<EOF /a\nb", 2, 5, "here-document EOF does not end"),
        ("FROM a\nENV a", 2, 5, "ENV a needs a value"),
        ("FROM a\nENV a=1 b", 2, 9, "'b' is not of the form NAME=VALUE"),
        ("FROM a\nLABEL =1", 2, 7, "not of the form"),
        ("FROM a\nARG =1", 2, 5, "not of the form"),
        ("FROM a\nSHELL /bin/sh", 2, 7, "SHELL must be a JSON list"),
        ("FROM a\nHEALTHCHECK a", 2, 13, "HEALTHCHECK takes NONE, or CMD and a command"),
        ("FROM a\nHEALTHCHECK --interval=1 CMD a", 2, 13, "'1' is no duration"),
        ("FROM a\nHEALTHCHECK --retries=few CMD a", 2, 13, "'few' is no whole number"),
        ("FROM a\nONBUILD", 2, 1, "ONBUILD needs an instruction"),
        ("FROM a\nONBUILD FROM b", 2, 9, "FROM is not allowed as an ONBUILD trigger"),
        ("FROM a\nONBUILD ONBUILD RUN b", 2, 1, "ONBUILD is not allowed as an ONBUILD trigger"),
        ("FROM a\nONBUILD RUM b", 2, 9, "did you mean RUN?"),
        ("# escape=x\nFROM a", 1, 10, "escape must be"),
        ("# escape=`\n# escape=`\nFROM a", 2, 3, "stands here twice"),
    ],
)
def test_errors_point_at_what_is_wrong(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(DockerfileError) as caught:
        parse(text, "dir/Dockerfile")
    error = caught.value
    assert message in error.message
    assert (error.line, error.column) == (line, column)


def test_an_error_shows_the_line_and_a_caret() -> None:
    with pytest.raises(DockerfileError) as caught:
        parse("FROM a\r\n\tCOPY --form=b c d\r\n", "dir/Dockerfile")
    assert str(caught.value) == (
        "dir/Dockerfile:2:7: COPY has no flag --form; did you mean --from?\n   COPY --form=b c d\n        ^"
    )
