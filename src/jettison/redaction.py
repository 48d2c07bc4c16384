"""An instruction as a report may show it: with an ellipsis for whatever may be a secret.

It hides more than the checks of secrets find: what follows a word such as ``password``, passwords on command lines,
what is written to a file in which a program keeps them, and what looks random. Docker's own digests are shown.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from re import Match, Pattern

#: Characters of one instruction that are shown.
LIMIT = 1 << 14
_HIDDEN = "…".encode()
#: Share of neighbours of another class (capital, small, digit) from which on a word looks random; words have less.
_MIXED = 0.2
#: Bits for each character; hexadecimal digits at random have 4, words and repetitions less than 3.
_RANDOM = 3.0

_VALUE = rb"(?:(?P<q>\\*[\"'])(?P<quoted>.{1,4000}?)(?P=q)|(?P<bare>[^\s]{1,8000}))"
#: Words after which a secret stands. ``author``, ``tokenizer`` are none.
_WORD = (
    rb"(?:pass(?:word|wd|phrase|code)|pass(?![a-z])|(?<![$])(?<![$][{])pwd|secret|token(?!i[sz])|auth(?!or(?!iz))"
    rb"|credential|(?<![a-z])jwt|cookie|webhook"
    rb"|(?:api|access|private|encryption|signing|master|session|account|client|storage)[-_. ]?key"
    rb"|(?<=[a-z0-9][_-])(?:key|pat|pw|salt)(?![a-z]))"
)
_NAME = rb"(?i)" + _WORD + rb"[\w.-]{0,60}"


def _rule(pattern: bytes) -> Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


#: Each hides the group ``quoted``, ``bare`` or ``all``; the first has the widest view.
_RULES: tuple[Pattern[bytes], ...] = (
    _rule(rb"-----BEGIN [^-\n]{0,60}PRIVATE KEY[^-\n]{0,20}-----(?P<all>.+?)(?=-----END|\Z)"),
    # The forms of AWS, GitHub, GitLab, Slack, npm, PyPI, Google, Stripe, SendGrid, Docker, DigitalOcean, and JWT
    _rule(rb"(?<![A-Za-z0-9])(?P<all>A[KS]IA[A-Z2-7]{16}|(?:gh[a-z]_|github_pat_|gl[a-z]{1,4}-|xox[a-z]-|npm_|pypi-"
          rb"|AIza|[a-z]k_live_|[a-z]k_test_|SG\.|dckr_pat_|do[a-z]_v1_|hf_|sk-|eyJ)[\w.+/=-]{16,8000})"),
    _rule(rb"PuTTY-User-Key-File-\d(?P<all>.+)"),
    _rule(rb"(?i)authorization\\*[\"']?\s{0,4}[:=,]\s{0,4}\\*[\"']?(?P<all>[^\"'\n\\]{1,8000})"),
    _rule(rb"(?i)\b(?:bearer|basic|apikey|digest)\s{1,8}(?P<all>[\w+/=.~:-]{6,8000})"),
    _rule(rb"//[^\s/:@\"']{0,100}:(?P<all>[^\s\"']{1,500})@"),
    _rule(rb"https?://(?P<all>[^\s/:@\"']{1,500})@"),
    _rule(rb"(?i)[?&;](?:sig|signature|x-amz-\w{1,20}|code|key)=(?P<all>[^\s&\"']{1,2000})"),
    _rule(rb"(?<![\w@/])[\w.-]{1,100}:(?P<all>[^\s:/@\"']{3,2000})@(?!sha\d)[\w(]"),
    _rule(rb"(?<![\w:*.-])[\w.*-]{1,200}:(?:\d{1,5}|\*):[^\s:]{1,200}:[^\s:]{1,200}:(?P<all>[^\s\"']{1,2000})"),
    _rule(rb"(?P<all>\$(?:\d|2[abxy]|y|gy|apr1|sha1|argon2\w{0,2}|scrypt)\$[^\s:\"']{8,2000})"),
    _rule(rb"(?i)<[^<>\s/]{0,60}(?:pass|master|secret|token|key)[^<>\s]{0,60}>(?P<all>[^<]{1,2000})<"),
    # "github-oauth": {"github.com": "x"}
    _rule(_NAME + rb"\\*[\"']?\s{0,8}[:=]\s{0,8}\{(?P<all>[^}]{1,4000})"),
    # A setting: password=x, "auth": "x", define('PASSWORD', 'x'), X-Token: x
    _rule(_NAME + rb"(?:\\*[\"']\s{0,8},|\\*[\"']?\]?\s{0,8}[:=]{1,2}>?)\s{0,8}" + _VALUE),
    # A flag, and a word of a .netrc or a .conf: --password x, machine a login b password x
    _rule(rb"(?i)(?<![\w-])--?[\w-]{0,40}" + _WORD + rb"[\w-]{0,40}\\*[\"']?,?\s{1,8}(?!--?[a-z])" + _VALUE),
    _rule(rb"(?i)(?<![=/$-])(?<![$][{])" + _WORD + rb"s?(?:\.[\w.-]{1,60})?\s{1,8}(?![-&|;<>(){}])" + _VALUE),
    # curl -u user:x, http -a user:x
    _rule(rb"(?<![\w-])(?:-[A-Za-z]{0,8}[uUa]|--[\w-]{0,20}user(?:name)?)[\s=]{0,4}\\*[\"']?[^\s:%,\"']{1,200}[:%,]"
          rb"(?P<all>[^\s\"']{1,2000})"),
    # mysql -px, 7z -px, and any -pX that is no word such as find's -path; sshpass -p x, docker login -p x
    _rule(rb"(?<![\w-])-p(?![a-z-]{1,20}(?:[\s\"']|\Z))(?=[^\s/]{3})" + _VALUE),
    _rule(rb"(?i)(?:mysql|maria|mycli|\b7z)[^|;&\n]{0,500}?\s-p(?=\S)" + _VALUE),
    _rule(rb"(?i)(?:sshpass|login|mongo|cypher-shell|influx|rabbitmq|unzip|\bzip|mosquitto|ldap|redis-cli|ipmitool"
          rb"|sqlcmd|isql|\bbcp|cqlsh|expect|lftp|smbclient|openssl|useradd|usermod)"
          rb"[^|;&\n]{0,500}?\s-(?:p|(?:[pPawk]|pass(?:in|out)?)\s{1,8})(?=[^\s-])" + _VALUE),
    _rule(rb"(?i)(?<![\w-])-u[\s=]{0,4}\S{1,200}\s{1,8}-p[\s=]{0,4}" + _VALUE),
    _rule(rb"(?i)(?:\bidentified\s{1,8}by|\bvault\s{1,8}login|\bsend|\.login=)\s{0,8}(?!-)" + _VALUE),
    _rule(rb"(?i)\bs(?P<slash>[/|#,])[^/|#,\n]{0,200}?" + _WORD
          + rb"[^/|#,\n]{0,200}(?P=slash)(?P<all>[^\n]{1,500}?)(?P=slash)"),
    _rule(rb"(?i)(?:add_user|change_password|authenticate_user)\s{1,8}\S{1,200}\s{1,8}" + _VALUE),
    _rule(rb"(?i)(?:http-basic|bitbucket-oauth)\S{0,200}\s{1,8}\S{1,200}\s{1,8}" + _VALUE),
    _rule(rb"(?i)(?:ssh-keygen|pkcs12)[^|;&\n]{0,500}?\s-N\s{0,8}" + _VALUE),
    _rule(rb"(?i)(?:sqlplus|bundle)[^|;&\n]{0,200}?[\s=][^\s:/=]{1,100}[:/](?P<all>[^\s/\"'][^\s\"']{0,500})"),
    _rule(rb"(?i)\bhtpasswd\s{1,8}(?:-\w{1,8}\s{1,8})*\S{1,200}\s{1,8}\S{1,200}\s{1,8}" + _VALUE),
    # echo x | passwd --stdin
    _rule(rb"(?:echo|printf)\s{1,8}(?P<all>[^|\n]{1,500}?)\s{0,8}\|"
          rb"(?=[^|;&\n]{0,500}(?:passwd|stdin|sudo|su\b|with-token))"),
    _rule(rb"(?:chpasswd|passwd|stdin|sudo -S)[^|;&\n]{0,100}?<<<\s{0,8}" + _VALUE),
)  # fmt: skip
#: In ENV and ARG a value goes up to the next name; the history has it without its quotes.
_SETS = _rule(rb"(?:/bin/sh -c #\(nop\)\s{1,8})?(?:ENV|ARG|LABEL)\s|(?:RUN )?\|\d{1,4} ")
_SET = _rule(_NAME + rb"=(?P<all>.{1,8000}?)(?=\s[\w.-]{1,100}=|\s/[\w./-]{1,60} -c\s|\Z)")
#: A heredoc that is a file's content, not the script.
_HEREDOC = _rule(rb"\w[^\n<]{0,500}<<-?\s{0,4}[\"']?(\w{1,60})[\"']?[^\n]{0,1000}\n(?P<all>.*?)(?=\n\s{0,60}\1\b|\Z)")
_SCRIPT = _rule(rb"(?:RUN|-c|\bsh|\bbash|\bpython3?)[^\w\n]{0,4}\Z")
_WRITES = _rule(
    rb"(?:echo|printf)\s{1,8}(?P<all>(?:'[^']{0,4000}'|\"(?:\\.|[^\"\\]){0,4000}\""
    rb"|[^|>&;\n\s]|[ \t](?![ \t]*[|>&;])){1,8000})"
)
#: Files in which programs keep secrets, as ``security.hardening.secrets.places`` has them.
_PLACES = re.compile(
    r"(?i)\.ssh/|ssh_host_|\.env\b|\.aws/|gcloud|\.azure/|kube|kubernetes|netrc|git/?-?credentials|\.git/|\.gitconfig"
    r"|\.gitmodules|\.docker|auth\.|npmrc|\.yarnrc|pypirc|pip\.conf|sources\.list|gem/credentials|cargo/credentials"
    r"|\.m2/|\.pgpass|my(?:login)?\.cnf|\.key\b|database\.ya?ml|wp-config|shadow|secret|passw|credential|token"
)
_LONG = re.compile(rb"[A-Za-z0-9+/=_-]{20,8000}")
_DIGEST = re.compile(rb"(?i)(?:sha(?:256|384|512)[:=]|file:|dir:|multi:)\Z")
_HEXADECIMAL = re.compile(rb"[0-9a-f]{64,128}\Z")


def hidden(text: str) -> str:
    """``text``, such as the instruction that made a layer, with an ellipsis for each secret."""
    data = text.encode("utf-8", "surrogateescape")
    data, rest = data[:LIMIT], data[LIMIT:]
    if _PLACES.search(text):
        data = _WRITES.sub(_cut, data)
    data = _HEREDOC.sub(_content, data)
    if _SETS.match(data):
        data = _SET.sub(_cut, data)
    for rule in _RULES:
        data = rule.sub(_cut, data)
    data = _LONG.sub(_random, data)
    return (data + (_HIDDEN if rest else b"")).decode("utf-8", "surrogateescape")


def _cut(match: Match[bytes]) -> bytes:
    """What was found, with an ellipsis for its value; a variable's name is none."""
    group = next(name for name in ("all", "quoted", "bare") if match.groupdict().get(name))
    value = match[group]
    kept = value.rstrip(b"\"'") if group == "bare" else value
    if not kept or kept == _HIDDEN or re.fullmatch(rb"\$\{?[A-Z_][A-Z0-9_]*\}?", kept):
        return match[0]
    start = match.start(group) - match.start()
    return match[0][:start] + _HIDDEN + match[0][start + len(kept) :]


def _content(match: Match[bytes]) -> bytes:
    opened = match[0][: match[0].index(b"<<")]
    return match[0] if _SCRIPT.search(opened) else _cut(match)


def _random(match: Match[bytes]) -> bytes:
    """A long word without what looks random in it: as a whole, or between slashes, as in a path."""
    word = match[0]
    if _DIGEST.search(match.string[max(0, match.start() - 8) : match.start()]) and _HEXADECIMAL.match(word):
        return word
    if _is_mixed(word.replace(b"/", b""), 2 * _MIXED):
        return _HIDDEN
    parts = word.split(b"/")
    return b"/".join(_HIDDEN if len(part) >= 20 and _is_mixed(part, _MIXED) else part for part in parts)


def _is_mixed(word: bytes, least: float) -> bool:
    """Whether small letters, capitals and digits alternate more than in words; a capital begins a word."""
    kinds = [_kind(letter) for letter in word]
    changes = sum(a != b and (a, b) != ("A", "a") and "-" not in (a, b) for a, b in pairwise(kinds))
    return changes >= least * len(word) and is_random(word)


def _kind(letter: int) -> str:
    character = chr(letter)
    return "0" if character.isdigit() else "A" if character.isupper() else "a" if character.islower() else "-"


def is_random(value: bytes) -> bool:
    """Whether its characters are spread as in what a generator made (Shannon's entropy)."""
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts) >= _RANDOM if value else False
