"""Secrets that are recognised by the file in which a program keeps them; each row's source is that program's manual."""

from __future__ import annotations

import re
from re import Pattern

from jettison.security.hardening.secrets.model import Place
from jettison.security.model import Severity

_SECRET = b"q7Zk2RmX9v" + b"Tb4WdY8sLc"
_PEM = b"-----BEGIN OPENSSH PRIVATE" + b" KEY-----\n"
_SOME = rb"\S"
#: An address with a password in it (RFC 3986, section 3.2.1).
ADDRESS = re.compile(rb"[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"]{0,100}:([^\s/@'\"]{3,200})@")
#: Names of settings whose value is a secret.
SECRET_NAME = (
    rb"(?:[A-Za-z0-9_.-]{0,60}[_.-])?(?:password|passwd|passphrase|secret|token|api_?key|access_?key|secret_?key"
    rb"|private_?key|encryption_?key|signing_?key|master_?key|credentials?|secret_?key_?base|auth)"
)
_ENV = rb"(?im)^[ \t]*(?:export[ \t]+)?" + SECRET_NAME + rb"[ \t]{0,4}=[ \t]{0,4}([^\s#]{4,2000})"


def _at(path: str) -> Pattern[str]:
    """A path that ends in ``path``."""
    return re.compile(rf"/{path}$")


def _has(content: bytes) -> Pattern[bytes]:
    return re.compile(content)


PLACES: tuple[Place, ...] = (
    Place("secret-ssh-host-key", "the ssh host key of every container of this image", _at(r"ssh_host_\w+_key"),
          _has(rb"PRIVATE KEY"), ("/etc/ssh/ssh_host_rsa_key", _PEM)),
    Place("secret-ssh-key", "a private key of ssh", _at(r"\.ssh/(?!.*\.pub$)[^/]+"), _has(rb"PRIVATE KEY-----"),
          ("/root/.ssh/id_ed25519", _PEM)),
    Place("secret-env-file", "settings with secrets",
          _at(r"\.env(?!\.(?:example|sample|template|dist|defaults?)\b)(?:\.[\w-]{1,40})*"), _has(_ENV),
          ("/app/.env", b"PORT=80\nDB_PASSWORD=" + _SECRET)),
    Place("secret-env-file", "an address with a password",
          _at(r"\.env(?!\.(?:example|sample|template|dist|defaults?)\b)(?:\.[\w-]{1,40})*"), ADDRESS,
          ("/app/.env", b"DATABASE_URL=postgres://me:" + _SECRET + b"@db/app")),
    Place("env-file", "settings, which may differ from machine to machine",
          _at(r"\.env(?!\.(?:example|sample|template|dist|defaults?)\b)(?:\.[\w-]{1,40})*"),
          _has(rb"(?m)^[ \t]*(?:export[ \t]+)?\w{1,100}=(?:\S)"), ("/app/.env", b"PORT=80"), Severity.LOW),
    Place("secret-aws-credentials", "credentials of AWS", _at(r"\.aws/(?:credentials|config)"),
          _has(rb"(?i)aws_(?:secret_access_key|session_token)\s{0,8}=\s{0,8}(\S+)"),
          ("/root/.aws/credentials", b"[default]\naws_secret_access" + b"_key = " + _SECRET)),
    Place("secret-gcloud-credentials", "credentials of Google Cloud",
          _at(r"(?:gcloud/(?:credentials|access_tokens)\.db|application_default_credentials\.json)"), _has(_SOME),
          ("/root/.config/gcloud/credentials.db", b"SQLite format 3")),
    Place("secret-azure-credentials", "credentials of Azure",
          _at(r"\.azure/(?:accessTokens\.json|msal_token_cache\.\w+|service_principal_entries\.\w+)"), _has(_SOME),
          ("/root/.azure/accessTokens.json", b"[{}]")),
    Place("secret-kube-config", "credentials of Kubernetes",
          re.compile(r"/\.kube/config$|/kubeconfig[^/]*$|^/etc/kubernetes/[^/]+\.conf$"),
          _has(rb"(?m)^[ \t-]*(?:client-key-data|token|password):[ \t]+['\"]?([^\s'\"]{4,20000})"),
          ("/root/.kube/config", b"users:\n- user:\n    token: " + _SECRET)),
    Place("secret-netrc", "a password for a server", _at(r"[._]netrc"), _has(rb"\bpassword\s{1,20}(\S{1,500})"),
          ("/root/.netrc", b"machine example.org login me password " + _SECRET)),
    Place("secret-git-credentials", "a password for a Git server", _at(r"(?:\.git-credentials|git/credentials)"),
          ADDRESS, ("/root/.git-credentials", b"https://me:" + _SECRET + b"@example.org")),
    Place("secret-git-credentials", "an address with a password", _at(r"(?:\.git/config|\.gitconfig|\.gitmodules)"),
          ADDRESS, ("/app/.git/config", b"url = https://me:" + _SECRET + b"@example.org/a.git")),
    Place("secret-docker-config", "credentials for a registry",
          _at(r"(?:\.docker/config\.json|\.dockercfg|\.dockerconfigjson|containers/auth\.json)"),
          _has(rb'"(?:auth|identitytoken|registrytoken)"\s{0,8}:\s{0,8}"([^"]{4,20000})"'),
          ("/root/.docker/config.json", b'{"auths": {"example.org": {"auth": "' + _SECRET + b'"}}}')),
    Place("secret-npm-token", "credentials for an npm registry", _at(r"(?:\.npmrc|etc/npmrc)"),
          _has(rb"_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}[\"']?([^\s\"']{4,2000})"),
          ("/root/.npmrc", b"//registry.example.org/:_auth" + b"Token=" + _SECRET)),
    Place("secret-yarn-token", "credentials for an npm registry", _at(r"\.yarnrc\.yml"),
          _has(rb"npmAuth(?:Token|Ident):[ \t]{0,4}[\"']?([^\s\"']{4,2000})"),
          ("/app/.yarnrc.yml", b"npmAuth" + b"Token: " + _SECRET)),
    Place("secret-pypirc", "a password for a Python package index", _at(r"\.pypirc"),
          _has(rb"(?im)^password\s{0,8}[:=]\s{0,8}(\S{1,500})"), ("/root/.pypirc", b"[pypi]\npassword = " + _SECRET)),
    Place("secret-pip-address", "an address with a password", _at(r"pip(?:/pip)?\.conf"), ADDRESS,
          ("/etc/pip.conf", b"index-url = https://me:" + _SECRET + b"@example.org/simple")),
    Place("secret-apt-auth", "a password for a package repository", _at(r"(?:apt/auth\.conf|apt/auth\.conf\.d/[^/]+)"),
          _has(rb"\bpassword\s{1,20}(\S{1,500})"), ("/etc/apt/auth.conf", b"machine a login b password " + _SECRET)),
    Place("secret-apt-auth", "an address with a password", _at(r"apt/(?:sources\.list|sources\.list\.d/[^/]+)"),
          ADDRESS, ("/etc/apt/sources.list", b"deb https://me:" + _SECRET + b"@example.org/debian stable main")),
    Place("secret-composer-auth", "credentials for Composer", _at(r"auth\.json"),
          _has(rb'"(?:github-oauth|gitlab-oauth|gitlab-token|bitbucket-oauth|http-basic|bearer)"\s{0,8}:\s{0,8}\{'
               rb'[^}]{0,400}?:\s{0,8}"([^"]{4,2000})"'),
          ("/root/.composer/auth.json", b'{"github-oauth": {"github.com": "' + _SECRET + b'"}}')),
    Place("secret-gem-credentials", "a key of RubyGems", _at(r"\.?gem/credentials"),
          _has(rb"(?m)^:?\w{1,60}:\s{0,8}(\S{8,500})"), ("/root/.gem/credentials", b":rubygems_api_key: " + _SECRET)),
    Place("secret-cargo-credentials", "a token of a Cargo registry", _at(r"\.?cargo/credentials(?:\.toml)?"),
          _has(rb"(?m)^\s{0,8}token\s{0,8}=\s{0,8}\"([^\"]{4,500})"),
          ("/root/.cargo/credentials.toml", b'[registry]\ntoken = "' + _SECRET + b'"')),
    Place("secret-maven-settings", "a password for a Maven repository", _at(r"\.m2/settings(?:-security)?\.xml"),
          _has(rb"<(?:password|passphrase|master)>([^<]{3,500})<"),
          ("/root/.m2/settings.xml", b"<server><password>" + _SECRET + b"</password></server>")),
    Place("secret-pgpass", "a password of PostgreSQL", _at(r"\.pgpass"),
          _has(rb"(?m)^[^#:\n]{1,200}:[^:\n]{1,20}:[^:\n]{1,200}:[^:\n]{1,200}:(\S{1,500})"),
          ("/root/.pgpass", b"db:5432:*:me:" + _SECRET)),
    Place("secret-my-cnf", "a password of MySQL", _at(r"\.my(?:login)?\.cnf"),
          _has(rb"(?m)^\s{0,8}password\s{0,8}=\s{0,8}(\S{1,500})"),
          ("/root/.my.cnf", b"[client]\npassword=" + _SECRET)),
    Place("secret-rails-key", "the key of its secrets (Rails)", _at(r"config/(?:master|credentials/\w+)\.key"),
          _has(rb"^([0-9a-f]{32,64})\s{0,8}$"), ("/app/config/master.key", b"0f1e2d3c4b5a69788796a5b4c3d2e1f0\n")),
    Place("secret-database-yml", "a password of a database (Rails)", _at(r"config/database\.ya?ml"),
          _has(rb"(?m)^[ \t]{0,20}password:[ \t]{0,8}['\"]?([^\s'\"<]{3,500})"),
          ("/app/config/database.yml", b"production:\n  password: " + _SECRET)),
    Place("secret-wordpress", "a password of a database (WordPress)", _at(r"wp-config\.php"),
          _has(rb"['\"]DB_PASSWORD['\"]\s{0,8},\s{0,8}['\"]([^'\"\n]{3,500})['\"]"),
          ("/var/www/html/wp-config.php", b"define('DB_PASSWORD', '" + _SECRET + b"');")),
    Place("secret-password-hash", "the hash of a password", re.compile(r"^/etc/g?shadow-?$"),
          _has(rb"(?m)^[^:\n]{1,100}:(\$[^:\n]{10,300})"), ("/etc/shadow", b"root:$6$" + _SECRET * 2 + b":1:0:9:7:::"),
          Severity.MEDIUM),
    Place("key-store", "a store that may hold private keys", _at(r"[^/]+\.(?:p12|pfx|jks|keystore|kdbx?)"),
          _has(rb"^(?:\xfe\xed\xfe\xed|\x30[\x80-\x84]|\x03\xd9\xa2\x9a)"), ("/app/tls.p12", b"\x30\x82\x0a\x00"),
          Severity.LOW),
    Place("shell-history", "what somebody typed",
          _at(r"\.(?:(?:bash|ash|zsh|sh|python|mysql|psql|node_repl|rediscli|irb)_history|irb-history)"), _has(_SOME),
          ("/root/.bash_history", b"ls"), Severity.LOW),
)  # fmt: skip
