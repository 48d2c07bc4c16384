"""No instruction shows a secret, wherever a report shows it."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from jettison.redaction import LIMIT, hidden
from jettison.security.hardening.secrets.model import Place, Token
from jettison.security.hardening.secrets.places import PLACES
from jettison.security.hardening.secrets.tokens import TOKENS

#: Instructions as the histories of Docker and BuildKit have them.
INSTRUCTIONS = (
    "RUN echo {} > /tmp/a", "RUN /bin/sh -c echo '{}' > /tmp/a # buildkit", "RUN printf \"{}\" | tee /etc/a",
    "ENV A=1 B={}",
    "ENV B={} A=1", "/bin/sh -c #(nop)  ENV A={}", "ARG A={}", "RUN |1 A={} /bin/sh -c make", "LABEL a.b={}",
    'CMD ["serve" "{}"]', "RUN /bin/sh -c cat <<EOF > /tmp/a\na\n{}\nEOF", "{}",
)  # fmt: skip
#: Passwords on command lines, in settings and in addresses.
COMMANDS = (
    "RUN MYSQL_PWD={} mysql -e 'select 1'", "RUN mysql -u root -p{} app", "RUN mysqldump -h db -p'{}' app",
    "RUN ./setup --password={} now", "RUN ./setup --password {} now", "RUN ./setup --db-pass '{}' now",
    "RUN curl -u me:{} https://a.example/b", "RUN curl -fsSLu 'me:{}' https://a.example/b",
    "RUN curl --user=me:{} https://a.example/b", 'RUN curl -H "Authorization: Bearer {}" https://a.example',
    'RUN curl -H "Authorization: token {}" https://a.example', "RUN curl -H 'X-Api-Key: {}' https://a.example",
    "RUN curl -H 'PRIVATE-TOKEN:{}' https://a.example", "RUN PGPASSWORD={} psql -h db", "RUN sshpass -p {} ssh me@host",
    "RUN sshpass -p{} ssh me@host", "RUN docker login -u me -p {} r.example", "RUN git clone https://me:{}@r.example/a.git",
    "RUN git clone https://{}@r.example/a.git", "RUN echo //me:{}@r.example", "RUN psql postgres://me:{}@db/app",
    "RUN echo me:{} | chpasswd", "RUN echo {} | docker login --password-stdin", "RUN htpasswd -bc /etc/users me {}",
    "RUN redis-cli -a {} ping", "RUN unzip -P {} a.zip", "RUN 7z x -p{} a.7z", "RUN openssl enc -aes256 -k {} -in a",
    "RUN openssl rsa -passin pass:{} -in a", "RUN ssh-keygen -q -N '{}' -f /k", "RUN npm set //r.example/:_auth={}",
    "RUN npm config set //r.example/:_authToken {}", "RUN aws configure set aws_secret_access_key {}",
    "RUN composer config http-basic.r.example me {}", "RUN bundle config r.example me:{}", "RUN useradd -p {} me",
    "RUN echo \"machine x login y password {}\" > /root/.netrc", "RUN echo 'machine x login y password {}' >> a",
    'RUN echo \'{{"auths":{{"r.io":{{"auth":"{}"}}}}}}\' > a', 'RUN echo "{{\\"auth\\": \\"{}\\"}}" > a',
    "RUN cat <<EOF > /root/.pgpass\ndb:5432:*:me:{}\nEOF", "RUN <<EOF\nexport API_KEY={}\nmake\nEOF",
    "COPY <<EOF /app/settings\nany {} thing\nEOF", "RUN ./app <<< 'secret: {}'", "RUN passwd --stdin me <<< {}",
    "ENV DB_PASSWORD=two words {} and more PATH=/bin", "RUN |2 NPM_TOKEN={} A=b /bin/sh -c npm ci",
    'CMD ["serve" "--password" "{}"]', 'CMD ["serve","--token","{}"]', "LABEL api-key={}", "ENV APP_KEY={}",
    "RUN mysql -e \"CREATE USER 'a'@'%' IDENTIFIED BY '{}'\"", "RUN vault login {}", "RUN lftp -u me,{} host",
    "RUN rabbitmqctl add_user me {}", "RUN sed -i 's/DB_PASSWORD/{}/' /etc/a", "RUN git config user.password {}",
    "RUN composer config github-oauth.github.com {}", "RUN dotnet nuget add source x -u me -p {}",
    "RUN printf '{0}\n{0}\n' | passwd root", "RUN psql -c \"ALTER USER me PASSWORD '{}'\"", "RUN mvn -Dsonar.login={}",
    "ENV REDIS_URL=redis://:{}@redis:6379/0", "RUN curl --data 'user=me&pass={}&x=1' https://a.example",
    "RUN wget 'https://a.example/b?sig={}&x=1'", "RUN echo 'passphrase: {}' > a", "RUN export GH_PAT={}",
)  # fmt: skip
#: What stays as it is.
HARMLESS = (
    "COPY . /app", "COPY --chown=app:app --from=build /app/.next/standalone ./", 'CMD ["node" "server.js"]',
    "RUN apt-get update && apt-get install -y --no-upgrade ca-certificates python3-distutils libstdc++-12-dev",
    "RUN mkdir -p /usr/local/lib/python3.11/site-packages && cp -pR a b && find . -path x -prune -type f -perm /222",
    "RUN go install github.com/BurntSushi/toml/cmd/tomlv2@latest", "RUN pip install tokenizers==0.15 PyJWT==2.8",
    "RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci", "RUN docker run -p 8080:80 -v $PWD:/app x",
    "ADD file:" + "3f1e2d3c4b5a6978" * 4 + " in /", "FROM a@sha256:" + "3f1e2d3c4b5a6978" * 4,
    "ENV PYTHON_VERSION=3.12.1 PATH=/usr/local/bin:/usr/bin", "RUN TOKEN=$TOKEN DB_PASSWORD=${DB_PASSWORD} make",
    "RUN groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis", "RUN npm ci --omit=dev",
    "ADD https://a.example/releases/download/v1.2.3/tool-linux-amd64.tar.gz /opt", "EXPOSE map[8080/tcp:{}]",
    "RUN sed -i 's/80/8080/' /etc/a", "COPY src/main/java/com/example/MyApplicationConfiguration.java /src/",
    "RUN pip install git+ssh://git@github.com/a/b.git requests==2.31.0", "LABEL org.opencontainers.image.authors=me",
)  # fmt: skip
SECRETS = st.builds(
    "{}{}{}".format, st.sampled_from("QZX9"), st.text(string.ascii_letters + string.digits + "!#*+,.?^_~-", min_size=4),
    st.sampled_from("jq7"),
)  # fmt: skip


@pytest.mark.parametrize("row", TOKENS, ids=lambda row: f"{row.kind} {row.words[0].decode()}")
@pytest.mark.parametrize("instruction", INSTRUCTIONS)
def test_every_token_is_hidden(row: Token, instruction: str) -> None:
    match = row.pattern.search(row.example)
    assert match
    assert match[match.lastindex or 0].decode() not in hidden(instruction.format(row.example.decode()))


@pytest.mark.parametrize(
    "row", [row for row in PLACES if row.pattern.search(row.example[1]).lastindex], ids=lambda row: row.example[0]
)
@pytest.mark.parametrize("instruction", INSTRUCTIONS)
def test_what_every_place_keeps_is_hidden_even_if_it_is_short(row: Place, instruction: str) -> None:
    match = row.pattern.search(row.example[1])
    assert match
    for secret in (match[1].decode(), "Z9$x!Kj"):
        content = row.example[1].replace(match[1], secret.encode()).decode()
        if match[1].startswith(b"$") or row.kind == "secret-rails-key":
            secret, content = match[1].decode(), row.example[1].decode()
        assert secret not in hidden(instruction.format(content).replace("/tmp/a", row.example[0]))


@pytest.mark.parametrize("command", COMMANDS)
@given(secret=SECRETS)
@example(secret="Qw3rTy99Zz")
@example(secret="S3cr3tPw77")
@example(secret="dXNlcjpTb21lIHNlY3JldA==")
def test_every_password_of_a_command_is_hidden(command: str, secret: str) -> None:
    assume(secret not in command)
    shown = hidden(command.format(secret))
    assert secret not in shown
    assert "…" in shown
    assert shown.split()[0] == command.split()[0]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert hidden(text) == text


def test_a_key_is_hidden_whole() -> None:
    key = "-----BEGIN RSA PRIVATE" + " KEY-----\\nMIIB\\nshort\\n-----END RSA PRIVATE KEY-----"
    shown = hidden(f"RUN echo {key} > a && make")
    assert not re.search("MIIB|short", shown)
    assert shown.endswith("&& make")


@given(st.text(max_size=200))
def test_any_text_can_be_hidden(text: str) -> None:
    hidden(text)


def test_a_very_long_text_is_cut() -> None:
    assert hidden("x " * LIMIT) == "x " * (LIMIT // 2) + "…"
