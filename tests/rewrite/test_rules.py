"""What single rules find and leave alone, beyond what their pages show."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.dockerfile import open_context
from jettison.rewrite.fix import fix
from jettison.rewrite.lint import choose, lint

FOUND = [
    ("secret-variable", "ENV API_KEY=abc"),
    ("secret-variable", "ENV githubToken=abc"),
    ("secret-variable", "ONBUILD ARG NPM_TOKEN"),
    ("secret-command", "RUN curl -u me:word https://example.com"),
    ("secret-command", "RUN npm config set //registry.npmjs.org/:_authToken abc"),
    ("secret-command", 'RUN curl -H "Authorization: Bearer $TOKEN" https://example.com'),
    ("secret-command", "RUN tool --api-token=abc"),
    ("secret-file", "COPY --chown=1000 config/.env.production /srv/"),
    ("secret-file", "ADD .aws /root/.aws"),
    ("secret-file", 'COPY ["id_rsa", "/root/.ssh/"]'),
    ("secret-value", "RUN echo ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("curl-pipe-shell", 'RUN bash -c "$(curl -fsSL https://example.com)"'),
    ("curl-pipe-shell", "RUN bash <(wget -qO- https://example.com)"),
    ("unchecked-certificate", "RUN git config --global http.sslVerify false"),
    ("unchecked-certificate", "RUN pip install --trusted-host example.com a==1"),
    ("world-writable", "COPY --chmod=666 a /b"),
    ("world-writable", "RUN chmod -R ugo+rwX /srv"),
    ("setuid", "RUN chmod 6755 /usr/bin/a"),
    ("unsigned-packages", "RUN apt-key adv --keyserver keys.example.com --recv-keys 1"),
    ("pinned-version-pip", "RUN python3 -m pip install flask"),
    ("pinned-version-apt", "ONBUILD RUN apt-get install -y curl"),
    ("apt-yes", "RUN apt-get -o Debug=1 install curl"),
    ("no-sudo", "RUN make && sudo -u app make install"),
    ("pipe-fail", 'RUN echo "$(a | b)"'),
    ("undefined-variable", "ENV NAME_OF_IT=a\nLABEL a=$NAME_OF_I"),
    ("copy-relative", "COPY a ./b"),
    ("useradd-log", "RUN useradd app -u 1234567"),
]
LEFT = [
    ("secret-variable", "ENV TOKEN_FILE=/run/secrets/a AUTHOR=b PASSWORD= SECRET_KEY=$A"),
    ("secret-command", "RUN git clone ssh://git@example.com/a"),
    ("secret-command", "RUN curl --user me:$(cat /run/secrets/word) https://example.com"),
    ("secret-command", "RUN --mount=type=secret,id=a curl -u me:$WORD https://example.com"),
    ("secret-file", "COPY .env.example /srv/\nCOPY --from=a /root/.aws /b\nCOPY ca.pem /etc/"),
    ("secret-value", "RUN echo ghp_short"),
    ("curl-pipe-shell", "RUN curl -fsSL https://example.com | tar x"),
    ("unchecked-certificate", "RUN curl --key k -fsSL https://example.com"),
    ("world-writable", "RUN chmod 775 a && chmod g+w b && chmod 1777 c && chmod o-w d && chmod +x e"),
    ("setuid", "RUN chmod 0755 a && chmod u+x b"),
    ("pinned-version-npm", "RUN npm install && npm ci && npm install ./a"),
    ("pinned-version-go", "RUN go install ./cmd/... && go install std"),
    ("apt-yes", "RUN apt-get install -q -q curl && yes | apt-get install curl"),
    ("no-sudo", "RUN apt-get install sudo"),
    ("pipe-fail", "RUN a || b\nRUN echo 'a | b'\nRUN set -o pipefail; a | b"),
    ("undefined-variable", "LABEL a=$ANYTHING b='$NAME' c=${NAME:-d}"),
    ("consecutive-runs", "RUN --network=none a\nRUN b"),
    ("cd-workdir", "RUN (cd /a && b)\nRUN if a; then cd /b; fi"),
    ("user-number", "USER $APP"),
    ("useradd-log", "RUN useradd && useradd -u && useradd -u $UID app"),
]


def found(rule: str, text: str) -> bool:
    return bool(lint(f"FROM debian:12\n{text}\n", rules=choose([rule])).findings)


@pytest.mark.parametrize(("rule", "text"), FOUND)
def test_found(rule: str, text: str) -> None:
    assert found(rule, text)


@pytest.mark.parametrize(("rule", "text"), LEFT)
def test_left_alone(rule: str, text: str) -> None:
    assert not found(rule, text)


def test_a_secret_is_not_repeated() -> None:
    text = (
        "FROM debian:12\nENV DB_PASSWORD=hunter2 A=AKIAIOSFODNN7EXAMPLE\nRUN curl -u me:hunter2 https://example.com\n"
    )
    messages = [finding.message for finding in lint(text).findings]
    assert len(messages) >= 3
    assert not [message for message in messages if "hunter2" in message or "AKIA" in message]


def test_secrets_of_the_context_are_named(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"service-{number}").mkdir()
        (tmp_path / f"service-{number}" / ".env").write_text("A=b\n")
    (tmp_path / "link.pem").symlink_to("/etc/passwd")
    (tmp_path / ".dockerignore").write_text("service-0\n")
    text = "FROM debian:12\nCOPY . /srv\nCOPY nothing /srv/\nCOPY ../.. /srv/\n"
    findings = lint(text, context=open_context(tmp_path), rules=choose(["secret-file"])).findings
    assert findings[0].message.startswith("this takes service-1/.env, service-2/.env, service-3/.env, … into")


def test_the_exec_form_must_be_proved_where_cmd_is_an_argument() -> None:
    text = "FROM debian:12\nENTRYPOINT /bin/a\nCMD b c\n"
    rules = choose(["exec-form"])
    assert fix(text, rules=rules)[0] == text
    assert fix(text, rules=rules, unsafe=True)[0] == 'FROM debian:12\nENTRYPOINT ["/bin/a"]\nCMD ["b", "c"]\n'


def test_windows_commands_are_not_read() -> None:
    text = "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN cd C:\\ & a | b\n"
    assert lint(text, rules=choose(["pipe-fail", "cd-workdir"])).findings == ()


def test_the_exec_form_of_run_is_read_and_not_edited() -> None:
    text = 'FROM debian:12\nRUN ["apt-get", "install", "é", "curl"]\n'
    findings = lint(text, rules=choose(["pinned-version-apt", "apt-yes"])).findings
    assert [text[finding.start : finding.end] for finding in findings] == ['"install"', '"é"', '"curl"']
    assert not any(finding.edits for finding in findings)


def test_docker_gives_values_to_its_own_arguments_in_from() -> None:
    assert lint("FROM base-$TARGETOS\n", rules=choose(["from-arg-default"])).findings == ()
