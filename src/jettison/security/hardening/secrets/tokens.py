"""Secrets that are recognised wherever they stand, by the form that their issuer gives them.

The forms are those that the issuers document (GitHub "Behind GitHub's new authentication token formats", GitLab
"Token overview", Slack "Token types", AWS IAM "Unique identifiers", RFC 7468 for PEM, RFC 7519 for JWT), or the
format of the program that writes them. The examples are put together here so that nobody's scanner finds one.
"""

from __future__ import annotations

import re
from re import Pattern

from jettison.security.hardening.secrets.model import Token
from jettison.security.model import Severity

_MIXED = b"q7Zk2RmX9vTb4WdY8sLc3HpJ6nGf5KaEuQ1rMxVtBwCy"
_BASE32 = b"Q7ZK2RMX5VTB4WDY"
#: What may stand between the first line of a PEM file and its content; JSON has line ends as ``\n``.
_HEADERS = rb"(?:\\[nr]|\s|[A-Za-z-]{1,30}: [^\n\\]{0,200}(?:\n|\\n)){0,40}"
_KEY = rb"-----BEGIN (?:[A-Z0-9]{1,10} )?PRIVATE KEY(?: BLOCK)?-----" + _HEADERS + rb"(?:[A-Za-z0-9+/=]|\\[nr]|\s){60}"


def _word(pattern: bytes) -> Pattern[bytes]:
    """What stands alone, not within a longer word."""
    return re.compile(rb"(?<![A-Za-z0-9_-])" + pattern + rb"(?![A-Za-z0-9_])")


TOKENS: tuple[Token, ...] = (
    Token("secret-private-key", "a private key", (b"PRIVATE KEY-----", b"PRIVATE KEY BLOCK-----"), re.compile(_KEY),
          b"-----BEGIN PRIVATE" + b" KEY-----\n" + _MIXED * 2),
    Token("secret-putty-key", "a private key of PuTTY", (b"PuTTY-User-Key-File-",),
          re.compile(rb"PuTTY-User-Key-File-[23]: (?:ssh|ecdsa)-[\w-]{3,30}"),
          b"PuTTY-User-Key-File" + b"-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n"),
    Token("secret-aws-key", "an access key of AWS", (b"AKIA", b"ASIA"), _word(rb"A[KS]IA[A-Z2-7]{16}"),
          b"AK" + b"IA" + _BASE32),
    Token("secret-github-token", "a token of GitHub", (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
          _word(rb"(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})"),
          b"gh" + b"p_" + _MIXED[:36]),
    Token("secret-gitlab-token", "a token of GitLab", (b"glpat-", b"gldt-", b"glrt-", b"glptt-"),
          _word(rb"gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{20,300}"), b"gl" + b"pat-" + _MIXED[:20]),
    Token("secret-slack-token", "a token of Slack", (b"xoxb-", b"xoxp-", b"xoxa-", b"xoxr-", b"xoxs-", b"xoxe-"),
          _word(rb"xox[abeprs]-[0-9A-Za-z-]{20,250}"), b"xo" + b"xb-" + b"2718281828-" + _MIXED[:24]),
    Token("secret-slack-webhook", "an address to write to Slack", (b"hooks.slack.com/",),
          re.compile(rb"hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/([A-Za-z0-9]{20,30})"),
          b"https://hooks.slack" + b".com/services/T0A1B2C3D/B0A1B2C3D/" + _MIXED[:24], Severity.MEDIUM),
    Token("secret-npm-token", "a token of npm", (b"npm_",), _word(rb"npm_[A-Za-z0-9]{36}"),
          b"np" + b"m_" + _MIXED[:36]),
    Token("secret-npm-token", "a token for an npm registry", (b"_authToken",),
          re.compile(rb"//[^\s=]{1,200}:_authToken\s{0,4}=\s{0,4}([^\s;#]{8,2000})"),
          b"//registry.example.org/:_auth" + b"Token=" + _MIXED[:36]),
    Token("secret-pypi-token", "a token of PyPI", (b"pypi-AgE",), _word(rb"pypi-AgE[A-Za-z0-9_-]{50,500}"),
          b"py" + b"pi-AgEIcHlwaS5vcmc" + _MIXED + _MIXED[:16]),
    Token("secret-google-key", "an API key of Google", (b"AIza",), _word(rb"AIza[0-9A-Za-z_-]{35}"),
          b"AI" + b"za" + _MIXED[:35], Severity.MEDIUM),
    Token("secret-google-service-account", "a key of a Google service account", (b'"service_account"',),
          re.compile(rb'"private_key_id"\s{0,8}:\s{0,8}"([0-9a-f]{40})"'),
          b'{"type": "service_account", "private_key' + b'_id": "' + b"0f1e2d3c4b5a69788796" * 2 + b'"}'),
    Token("secret-stripe-key", "a key of Stripe", (b"sk_live_", b"rk_live_"), _word(rb"[sr]k_live_[0-9A-Za-z]{20,250}"),
          b"sk_" + b"live_" + _MIXED[:24]),
    Token("secret-sendgrid-key", "a key of SendGrid", (b"SG.",), _word(rb"SG\.[\w-]{22}\.[\w-]{43}"),
          b"S" + b"G." + _MIXED[:22] + b"." + _MIXED[:43]),
    Token("secret-docker-token", "a token of Docker Hub", (b"dckr_pat_",), _word(rb"dckr_pat_[A-Za-z0-9_-]{27}"),
          b"dckr" + b"_pat_" + _MIXED[:27]),
    Token("secret-digitalocean-token", "a token of DigitalOcean", (b"dop_v1_", b"doo_v1_", b"dor_v1_"),
          _word(rb"do[por]_v1_[a-f0-9]{64}"), b"do" + b"p_v1_" + b"0f1e2d3c4b5a6978" * 4),
    Token("secret-hugging-face-token", "a token of Hugging Face", (b"hf_",), _word(rb"hf_[A-Za-z]{34}"),
          b"h" + b"f_" + b"qZkRmXvTbWdYsLcHpJnGfKaEuQrMxVtBwC"),
    Token("secret-openai-key", "a key of OpenAI", (b"sk-proj-", b"sk-svcacct-"),
          _word(rb"sk-(?:proj|svcacct)-[A-Za-z0-9_-]{40,250}"), b"sk-" + b"proj-" + _MIXED),
    Token("secret-anthropic-key", "a key of Anthropic", (b"sk-ant-",), _word(rb"sk-ant-[a-z]{3,8}\d\d-[\w-]{60,250}"),
          b"sk-" + b"ant-api03-" + _MIXED * 2),
    Token("secret-jwt", "a signed token (JWT)", (b"eyJ",),
          _word(rb"eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}"),
          b"ey" + b"J" + _MIXED[:30] + b".ey" + b"J" + _MIXED + b"." + _MIXED, Severity.MEDIUM),
)  # fmt: skip
