"""Rules about size where it is tricky: stages, sudo, here-documents, mounts, other shells, comments, users."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jettison.dockerfile import Context, open_context
from jettison.rewrite.fix import fix
from jettison.rewrite.lint import choose, lint
from jettison.rewrite.rules.ignorable import ignorable, propose


def lines(text: str, rule: str, context: Context | None = None) -> list[int]:
    """The lines in which one rule finds something."""
    found = lint(text, context=context, rules=choose([rule]))
    assert found.sheet is not None
    return [found.sheet.span(each.start, each.end).line for each in found.findings]


def mended(text: str, rule: str, *, unsafe: bool = False, context: Context | None = None) -> str:
    """The text without the first line, mended by one rule."""
    return fix(text, context=context, rules=choose([rule]), unsafe=unsafe)[0].partition("\n")[2]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("RUN sudo apt-get update\n", ""),
        ("RUN sudo apt-get update && id\n", "RUN sudo apt-get update && id \\\n && sudo rm -rf /var/lib/apt/lists/*\n"),
        ("RUN apt-get update; id\n", "RUN apt-get update; id \\\n && rm -rf /var/lib/apt/lists/*\n"),
        ("RUN apt-get update || true\n", "RUN apt-get update || true \\\n && rm -rf /var/lib/apt/lists/*\n"),
        ("RUN if id; then apt-get update; fi\n", "RUN if id; then apt-get update; fi\n"),
        ("RUN (apt-get update && id)\n", "RUN (apt-get update && id)\n"),
        ("RUN apt-get update && id &\n", "RUN apt-get update && id &\n"),
        ('RUN ["apt-get", "update"]\n', 'RUN ["apt-get", "update"]\n'),
        (
            "RUN apt-get update \\\n  # why\n  && id > /a\n",
            "RUN apt-get update \\\n  # why\n  && id > /a \\\n && rm -rf /var/lib/apt/lists/*\n",
        ),
        (
            "RUN <<EOF\napt-get update\nid\nEOF\n",
            "RUN <<EOF\napt-get update\nid \\\n && rm -rf /var/lib/apt/lists/*\nEOF\n",
        ),
        ("RUN apt-get update && cat <<EOF > /a\nx\nEOF\n", "RUN apt-get update && cat <<EOF > /a\nx\nEOF\n"),
    ],
)
def test_what_is_put_behind_a_run(run: str, expected: str) -> None:
    assert mended(f"FROM debian:12\n{run}", "apt-lists") == expected


@pytest.mark.parametrize(
    "later", ["apt-get -y upgrade", "apt-get install x", "apt-cache policy x", "sudo apt install -y x"]
)
def test_lists_that_are_read_later_stay(later: str) -> None:
    text = f"FROM debian:12\nRUN apt-get update && id\nRUN {later}\n"
    assert mended(text, "apt-lists", unsafe=True) == text.partition("\n")[2]
    text = f"FROM debian:12 AS base\nRUN apt-get update && id\nFROM base\nRUN {later}\n"
    assert mended(text, "apt-lists", unsafe=True) == text.partition("\n")[2]


def test_stages_that_are_only_copied_from_may_keep_caches() -> None:
    text = (
        "FROM node AS a\nRUN npm ci\nFROM a AS b\nRUN npm ci\nFROM node AS c\nRUN npm ci\nFROM b\nCOPY --from=c /x /x\n"
    )
    assert lines(text, "npm-cache-clean") == [2, 4]


@pytest.mark.parametrize(
    ("rule", "run"),
    [
        ("pip-no-cache", "RUN PIP_NO_CACHE_DIR=1 pip install a"),
        ("pip-no-cache", "RUN export PIP_NO_CACHE_DIR=1 && python3 -m pip install a"),
        ("pip-no-cache", "RUN pip3 install a && rm -rf /root/.cache"),
        ("pip-no-cache", "RUN --mount=type=cache,dst=/root/.cache pip install a"),
        ("pip-no-cache", 'SHELL ["pwsh", "-c"]\nRUN pip install a'),
        ("pip-no-cache", "RUN echo pip install a"),
        ("npm-cache-clean", "RUN npm run install"),
        ("npm-cache-clean", "RUN npm ci && rm -rf ~/.npm"),
        ("yarn-cache-clean", "RUN yarn run build"),
        ("apk-no-cache", "RUN apk --no-cache add a"),
        ("yum-clean", "RUN yum install -y a && yum -y clean all"),
        ("gem-no-document", "RUN gem list"),
    ],
)
def test_caches_that_are_not_kept(rule: str, run: str) -> None:
    assert lines(f"FROM a\n{run}\n", rule) == []


@pytest.mark.parametrize(
    ("rule", "run", "expected"),
    [
        ("pip-no-cache", "python3 -m pip install a", "python3 -m pip install --no-cache-dir a"),
        ("pip-no-cache", "pip3.11 -q install a", "pip3.11 -q install --no-cache-dir a"),
        ("pip-no-cache", "rm -rf /root/.cache && pip install a", "rm -rf /root/.cache && pip install --no-cache-dir a"),
        (
            "pip-no-cache",
            "for i in a b; do pip install $i; done",
            "for i in a b; do pip install --no-cache-dir $i; done",
        ),
        ("npm-cache-clean", "npm --prefix app ci", "npm --prefix app ci \\\n && npm cache clean --force"),
        ("yarn-cache-clean", "yarn", "yarn \\\n && yarn cache clean"),
        ("apk-no-cache", "apk -U add a", "apk -U add --no-cache a"),
    ],
)
def test_caches_that_are_kept(rule: str, run: str, expected: str) -> None:
    assert mended(f"FROM a\nRUN {run}\n", rule, unsafe=True) == f"RUN {expected}\n"


def test_caches_that_are_used_later_stay() -> None:
    text = "FROM golang\nRUN go mod download\nRUN go build -o /a .\n"
    assert mended(text, "go-cache", unsafe=True) == (
        "RUN go mod download\nRUN go build -o /a . \\\n && go clean -cache -modcache\n"
    )
    text = 'FROM rust\nRUN cargo build\nCMD ["cargo", "run", "--offline"]\n'
    assert mended(text, "cargo-cache", unsafe=True) == text.partition("\n")[2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("cd /x && curl -o /tmp/a u", "rm /tmp/a"),
        ("export A=b; curl -o /tmp/a u", "rm /tmp/a"),
        ("A=b; curl -o /tmp/a u", "rm /tmp/a"),
        ("curl -o /tmp/a u", "id; rm /tmp/a"),
        ("curl -o /tmp/a u", "id || rm /tmp/a"),
        ("curl -o /tmp/a u", "if id; then rm /tmp/a; fi"),
        ("curl -o /tmp/a u", "--network=none rm /tmp/a"),
        ("curl -o /tmp/a u &", "rm /tmp/a"),
        ("id & curl -o /tmp/a u", "rm /tmp/a"),
    ],
)
def test_runs_that_are_not_joined(first: str, second: str) -> None:
    text = f"FROM a\nRUN {first}\nRUN {second}\n"
    assert mended(text, "removed-in-later-layer", unsafe=True) == text.partition("\n")[2]


def test_runs_are_joined_with_their_comments() -> None:
    text = "FROM a\nRUN curl -o /tmp/a u || id\n\n# gone\nRUN id \\\n # within\n && rm /tmp/a\n"
    assert lines(text, "removed-in-later-layer") == [5 + 2]
    assert mended(text, "removed-in-later-layer") == (
        "RUN curl -o /tmp/a u || id \\\n# gone\n && id \\\n # within\n && rm /tmp/a\n"
    )


@pytest.mark.parametrize(
    "rest",
    [
        "COPY . /app\nRUN rm -rf /tmp/a",
        "RUN curl -o /tmp/a u && rm /tmp/a\nRUN rm -f /tmp/a",
        "RUN apt-get update && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && id && rm -rf /var/lib/apt/lists/*",
        'RUN curl -o /tmp/a u\nRUN rm "$A"',
    ],
)
def test_what_is_not_removed_too_late(rest: str) -> None:
    assert lines(f"FROM a\n{rest}\n", "removed-in-later-layer") == []


def test_what_a_base_stage_brought_is_removed_too_late() -> None:
    text = "FROM a AS b\nCOPY big /opt/\nFROM b\nRUN rm -rf /opt/big\n"
    assert lines(text, "removed-in-later-layer") == [4]
    assert lines(text.replace("FROM b\n", "FROM c\nCOPY --from=b /x /x\n"), "removed-in-later-layer") == []


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("COPY a.sh /\nRUN chmod 755 /a.sh && id\n", "COPY --chmod=755 a.sh /\nRUN id\n"),
        ("COPY a.sh /\nRUN chown 1:2 /a.sh\n", "COPY --chown=1:2 a.sh /\n"),
        ("COPY a.sh /\nRUN chown 1 /a.sh\n", "COPY --chown=1:0 a.sh /\n"),
        ("COPY a.sh /\nENV A=b\n# why\nRUN chmod +x /a.sh\n", "COPY --chmod=755 a.sh /\nENV A=b\n# why\n"),
        ("WORKDIR /w\nCOPY a.sh b.sh\nRUN chmod +x b.sh\n", None),
        ("COPY a.sh /\nRUN chmod u+s /a.sh\n", None),
        ("COPY a.sh /\nRUN chown a: /a.sh\n", None),
        ("COPY a.sh /\nRUN useradd a && chown a:a /a.sh\n", None),
        ("COPY a.sh /\nRUN useradd a\nRUN chown a:a /a.sh\n", None),
        ("COPY --chown=1:1 a.sh /\nRUN chown 2:2 /a.sh\n", None),
        ("COPY --link a.sh /\nRUN chown a:a /a.sh\n", None),
        ("COPY a.sh /\nRUN chown 1:1 /a.sh \\\n # why\n && id\n", None),
        ("COPY a.sh /\nRUN chown 1:1 /a.sh || true\n", "COPY --chown=1:1 a.sh /\nRUN true\n"),
        ("COPY dir /dir\nRUN chown 1:1 /dir\n", None),
        ("COPY a.sh $A/\nRUN chmod 755 $A/a.sh\n", None),
        ("ADD a.sh /\nRUN chmod 755 /a.sh\n", None),
    ],
)
def test_owners_and_modes_of_files(rest: str, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("")
    (tmp_path / "a.sh").chmod(0o644)
    (tmp_path / "dir").mkdir()
    if "||" in rest:
        expected = None  # what follows would be run where it was not before
    assert mended(f"FROM a\n{rest}", "chown-copy", context=open_context(tmp_path)) == (expected or rest)


def test_a_directory_keeps_its_own_change() -> None:
    text = "FROM a\nWORKDIR /w\nCOPY x y\nCOPY . .\nRUN chown -R 1:1 . && chmod -R 750 /w\n"
    assert mended(text, "chown-copy") == text.partition("\n")[2]
    assert mended(text, "chown-copy", unsafe=True) == (
        "WORKDIR /w\nCOPY --chmod=750 --chown=1:1 x y\nCOPY --chmod=750 --chown=1:1 . .\n"
        "RUN chown 1:1 . && chmod 750 /w\n"
    )


def test_the_proposal_for_dockerignore(tmp_path: Path) -> None:
    for path, size in {
        "node_modules/a/b.js": 700,
        "sub/__pycache__/c.pyc": 20,
        ".git/x": 5,
        "a.log": 3,
        "src/a.js": 1,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"x" * size)
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "venv").mkdir()
    context = open_context(tmp_path)
    assert propose(context) == "**/*.log\n**/__pycache__\n**/node_modules\n.git\n"
    assert next((each.line, each.bytes) for each in ignorable(context)) == ("**/node_modules", 700)
    result = lint("FROM a\nCOPY . .\nRUN npm ci && git describe\n", context=context, rules=choose(["dockerignore"]))
    (finding,) = result.findings
    assert finding.saving is not None
    assert finding.saving.bytes == 723
    assert ".git" not in finding.message
    assert lines("FROM a\nCOPY src /\n", "dockerignore", context) == []
    assert "node_modules" not in str(
        lint("FROM a\nCOPY . .\nCOPY node_modules /n\nRUN npm ci\n", context=context).findings
    )
    (tmp_path / ".dockerignore").write_text(propose(context))
    assert propose(open_context(tmp_path)) == ""


def test_order_of_copy_and_installation(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    context = open_context(tmp_path)
    text = "FROM a\nWORKDIR /w\nCOPY --chown=1:1 . /w/\nRUN --network=host npm i -q && npm test\n"
    assert mended(text, "copy-before-install", unsafe=True, context=context) == (
        "WORKDIR /w\nCOPY --chown=1:1 package.json ./\nRUN --network=host npm i -q\n"
        "COPY --chown=1:1 . /w/\nRUN --network=host npm test\n"
    )
    for other in ("COPY . /x\nRUN npm i\n", "COPY . .\nRUN id\nRUN npm i\n", "COPY . .\nRUN npm i; npm test\n"):
        same = f"FROM a\nWORKDIR /w\n{other}"
        assert lines(same, "copy-before-install", context) == [3]
        assert fix(same, context=context, rules=choose(["copy-before-install"]), unsafe=True)[0] == same
    for other in ("COPY package.json .\nRUN npm i\nCOPY . .\n", "COPY . .\nRUN npm i express\n"):
        assert lines(f"FROM a\nWORKDIR /w\n{other}", "copy-before-install", context) == []


def test_bases_are_named_with_what_they_save() -> None:
    (finding,) = lint("ARG V=24\nFROM node:$V\n", rules=choose(["full-base"])).findings
    assert finding.saving is not None
    assert finding.saving.bytes
    assert "published" in finding.saving.basis
    assert "node:24-slim" in finding.message
    for base in ("node:24-slim", "scratch", "unknown/image:1", "node:$UNKNOWN", "UPPER"):
        assert lines(f"FROM {base}\n", "full-base") == []


def test_dependencies_for_development() -> None:
    assert lines("FROM a\nRUN npm install -g serve\n", "dev-dependencies") == []
    assert lines("FROM a\nRUN npm install express\n", "dev-dependencies") == []
    assert lines("FROM a\nRUN npm ci && npm prune --production\n", "dev-dependencies") == []
    assert lines("FROM a AS b\nRUN npm ci\nFROM a\nCOPY --from=b /x /x\n", "dev-dependencies") == []
    assert (
        mended("FROM a\nRUN composer install -q\n", "dev-dependencies", unsafe=True)
        == "RUN composer install --no-dev -q\n"
    )
    assert (
        mended("FROM a\nRUN npm ci && npm run build\n", "dev-dependencies", unsafe=True)
        == "RUN npm ci && npm run build\n"
    )


def test_savings_are_measured_in_the_context(tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    (tmp_path / "big/a").write_bytes(b"x" * 700)
    (tmp_path / "link").symlink_to("/etc")
    context = open_context(tmp_path)
    for rest, rule, expected in (
        ("COPY big /big\nRUN chown -R 1:1 /big\n", "chown-copy", 700),
        ("COPY link /big\nRUN chown -R 1:1 /big\n", "chown-copy", 0),
        ("COPY b* /big/\nRUN chown -R 1:1 /big\n", "chown-copy", None),
        ("COPY ../big /big\nRUN rm -rf /big\n", "removed-in-later-layer", 700),
        ("COPY none /big\nRUN rm -rf /big\n", "removed-in-later-layer", None),
    ):
        (finding,) = lint(f"FROM a\n{rest}", context=context, rules=choose([rule])).findings
        assert (finding.saving and finding.saving.bytes) == expected


def test_a_hostile_context_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "a.sh").write_text("")
    (inside / "way").symlink_to(outside)
    (inside / "loop").symlink_to("loop")
    for name in ("package.json", "requirements.txt", "pyproject.toml"):
        os.mkfifo(inside / name)
    context = open_context(inside)
    text = "FROM a\nWORKDIR /w\nCOPY . .\nRUN pip install -r requirements.txt\nRUN npm ci\n"
    assert fix(text, context=context, rules=choose(["copy-before-install"]), unsafe=True)[0] == text
    assert lines(text, "dev-dependencies", context) == [5]
    for source in ("way/a.sh", "loop/a.sh", "../outside/a.sh", "a\0b"):
        text = f"FROM a\nCOPY {source} /a.sh\nRUN chmod 755 /a.sh\n"
        found = lint(text, context=context, rules=choose(["chown-copy"]))
        assert found.findings == ()
    (inside / ".git").symlink_to(outside)
    assert propose(context) == ".git\n"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("apt-get -o Acquire::Retries=3 -o A=1 update", True),
        ("apt-get -qq update", True),
        ("apt-get -t backports update", True),
        ("apt-get --option=A=1 update", True),
        ("apt-get remove update", False),
        ("apt-get -y remove update", False),
        ("echo apt-get update", False),
    ],
)
def test_options_with_values_in_front_of_the_verb(command: str, found: bool) -> None:
    assert bool(lines(f"FROM a\nRUN {command}\n", "apt-lists")) == found
    install = command.replace("update", "install x")
    assert bool(lines(f"FROM a\nRUN {install}\n", "apt-recommends")) == found
