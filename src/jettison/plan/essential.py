"""What programs expect although a short run does not open it, as a table.

A rule keeps the paths that exist. Paths are globs (``globs``); one that ends in ``/**`` brings a directory's
content. ``given`` is a pattern on kept paths: the rule applies once one of them matches (a library, a program).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.plan.globs import expand
from jettison.plan.model import Policy


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` is what the evidence says. ``tight`` is whether the rule holds at every level, or not at ``tight``."""

    name: str
    paths: tuple[str, ...]
    given: str = ""
    tight: bool = True


#: Kept in every image.
ALWAYS = (
    Rule(
        "certificate authorities",
        (
            "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem",
            "/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/tls/cert.pem", "/etc/pki/ca-trust/extracted/pem/*.pem",
            "/usr/local/share/ca-certificates/**",
        ),
    ),
    Rule("accounts", ("/etc/passwd", "/etc/group")),
    Rule(
        "name look-up",
        ("/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/hosts", "/etc/resolv.conf", "/etc/hostname"),
    ),
    Rule("names of ports and protocols", ("/etc/services", "/etc/protocols"), tight=False),
    Rule(
        "name of the distribution",
        (
            "/etc/os-release", "/usr/lib/os-release", "/etc/debian_version", "/etc/alpine-release",
            "/etc/redhat-release", "/etc/system-release", "/etc/lsb-release",
        ),
    ),
    Rule(
        "library search path",
        ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d/*.conf", "/etc/ld-musl-*.path"),
    ),
    Rule("local time", ("/etc/localtime", "/etc/timezone")),
    Rule(
        "directories of every system",
        (
            "/tmp", "/var/tmp", "/run", "/run/lock", "/var/run", "/var/lock", "/dev", "/dev/shm", "/proc", "/sys",
            "/root", "/home", "/etc", "/var", "/var/log", "/var/lib", "/var/cache", "/usr", "/usr/local", "/usr/bin",
            "/bin", "/sbin", "/lib", "/lib64", "/usr/sbin", "/usr/lib", "/usr/local/bin",
        ),
    ),
)  # fmt: skip

_TIME_ZONE_LIBRARY = (
    r"/zoneinfo/__init__\.py$|/(pytz|dateutil/tz|tzlocal)/|/gems/tzinfo-|/tzinfo/(zoneinfo|timezone)"
    r"|/bin/(postgres|php[\d.]*)$|/sbin/php-fpm|/libphp|/libtcl8|/lib/R/bin/exec/R$|/sbin/(mysqld|mariadbd|crond?)$"
)

#: Kept with what needs it.
GIVEN = (
    Rule(
        "shell that an interpreter runs commands by",
        ("/bin/sh",),
        given=r"/(python|perl|ruby|php|node|nodejs|java|lua|beam\.smp|dotnet)[\d.]*(-fpm)?$",
        tight=False,
    ),
    Rule(
        "certificate authorities by hash",
        ("/etc/ssl/certs/*", "/usr/share/ca-certificates/**", "/etc/ca-certificates.conf"),
        given=r"/lib(crypto|ssl|gnutls|mbedtls|nss3|wolfssl)[-.]?[^/]*\.so",
        tight=False,
    ),
    Rule(
        "OpenSSL configuration",
        (
            "/etc/ssl/openssl.cnf",
            "/etc/ssl/openssl.cnf.d/*",
            "/usr/lib/ssl/*",
            "/etc/pki/tls/openssl.cnf",
            "/usr/local/ssl/openssl.cnf",
            "/etc/crypto-policies/**",
            "/etc/gnutls/*",
        ),
        given=r"/lib(crypto|ssl|gnutls)\.so",
    ),
    Rule("time zone data", ("/usr/share/zoneinfo/**",), given=_TIME_ZONE_LIBRARY, tight=False),
    Rule(
        "Java's certificate authorities",
        ("/etc/ssl/certs/java/cacerts", "/etc/pki/java/cacerts"),
        given=r"/libjvm\.so$",
    ),
    Rule("media types", ("/etc/mime.types", "/etc/mailcap", "/etc/apache2/mime.types"), given=r"/mimetypes\.py$"),
    Rule(
        "fonts",
        ("/etc/fonts/**", "/usr/share/fontconfig/**", "/usr/share/fonts/**"),
        given=r"/libfontconfig\.so",
        tight=False,
    ),
    Rule(
        "file types",
        ("/usr/lib/file/*", "/usr/share/misc/magic*", "/usr/share/file/*", "/etc/magic"),
        given=r"/libmagic\.so",
        tight=False,
    ),
    Rule(
        "login rules",
        ("/etc/pam.d/**", "/etc/security/**", "/etc/login.defs", "/etc/shells", "/etc/pam.conf"),
        given=r"/libpam\.so",
    ),
    Rule("Kerberos configuration", ("/etc/krb5.conf", "/etc/krb5.conf.d/*"), given=r"/libkrb5\.so"),
    Rule(
        "database drivers",
        ("/etc/odbc.ini", "/etc/odbcinst.ini", "/etc/freetds/*"),
        given=r"/lib(odbc|iodbc|tdsodbc|sybdb)\.so",
    ),
    Rule("XML catalogues", ("/etc/xml/*", "/etc/sgml/catalog"), given=r"/libxml2\.so"),
    Rule(
        "ImageMagick's configuration", ("/etc/ImageMagick-*/*", "/usr/share/ImageMagick-*/*"), given=r"/libMagickCore"
    ),
    Rule(
        "Apache's modules",
        (
            "/usr/lib/apache2/modules/*",
            "/etc/apache2/**",
            "/usr/local/apache2/modules/*",
            "/usr/local/apache2/conf/**",
        ),
        given=r"/(apache2|httpd)$",
        tight=False,
    ),
    Rule(
        "nginx's modules",
        ("/usr/lib/nginx/modules/*", "/etc/nginx/**", "/usr/share/nginx/**"),
        given=r"/nginx$",
        tight=False,
    ),
    Rule(
        "git's commands",
        ("/usr/lib/git-core/**", "/usr/libexec/git-core/**", "/usr/share/git-core/**"),
        given=r"/bin/git$",
        tight=False,
    ),
    Rule(
        "terminal descriptions",
        ("/etc/terminfo/**", "/lib/terminfo/**"),
        given=r"/lib(ncursesw?|tinfo)\.so",
        tight=False,
    ),
    Rule(
        "shared MIME database",
        ("/usr/share/mime/mime.cache", "/usr/share/mime/globs2"),
        given=r"/libgio-2",
        tight=False,
    ),
    Rule("compiled GLib schemas", ("/usr/share/glib-2.0/schemas/gschemas.compiled",), given=r"/libgio-2", tight=False),
)

_GIVEN = tuple((rule, re.compile(rule.given)) for rule in GIVEN)


def always(tree: FileTree, policy: Policy) -> dict[str, Evidence]:
    """What every image keeps at this level."""
    return _kept(tree, (rule for rule in ALWAYS if rule.tight or policy is not Policy.TIGHT))


def given(tree: FileTree, kept: Iterable[str], policy: Policy) -> dict[str, Evidence]:
    """What comes with ``kept`` paths at this level."""
    rules = [(rule, pattern) for rule, pattern in _GIVEN if rule.tight or policy is not Policy.TIGHT]
    applies: set[Rule] = set()
    for path in kept:
        for rule, pattern in rules:
            if rule not in applies and pattern.search(path):
                applies.add(rule)
    return _kept(tree, (rule for rule, _ in rules if rule in applies))


def _kept(tree: FileTree, rules: Iterable[Rule]) -> dict[str, Evidence]:
    return {
        path: Evidence("essential", rule.name) for rule in rules for glob in rule.paths for path in expand(tree, glob)
    }


_LITTER = re.compile(
    r"^/(proc|sys|dev)/|^/(run|tmp|var/tmp)/.*/|^/var/lib/(dpkg|apt|apk|rpm|pam|systemd|ucf)/"
    r"|^/var/cache/(apt|apk|debconf|man|ldconfig|dnf|yum)/"
)


def writable_directories(tree: FileTree) -> dict[str, Evidence]:
    """Directories that a program could be meant to write into: below ``/var`` and ``/run``, or not only root's.

    They cost no bytes, and a server that cannot make its socket, its log or its upload fails late.
    """
    evidence = Evidence("essential", "directory to write into")
    return {
        path: evidence
        for path, entry in tree.items()
        if entry.kind is Kind.DIRECTORY
        and (entry.uid != 0 or entry.mode & 0o022 or path.startswith(("/var/", "/run/")))
        and not _LITTER.match(path)
    }


def configured_locales(tree: FileTree, environment: Mapping[str, str]) -> dict[str, Evidence]:
    """The locales and the time zone that the image's environment names."""
    found: dict[str, Evidence] = {}
    for variable, value in environment.items():
        if variable in ("LANG", "LANGUAGE", "LC_ALL") or variable.startswith("LC_"):
            paths = [path for name in value.split(":") for path in _locale(tree, name)]
        elif variable == "TZ":
            paths = list(expand(tree, f"/usr/share/zoneinfo/{value.lstrip(':')}"))
        else:
            continue
        found |= {path: Evidence("config", f"{variable}={value}") for path in paths}
    return found


def _locale(tree: FileTree, name: str) -> list[str]:
    """What glibc reads for a locale: its compiled form, the archive, aliases, and translated messages."""
    if not re.fullmatch(r"[A-Za-z0-9_.@-]+", name) or name in ("C", "POSIX"):
        return []
    language, _, charset = name.partition(".")
    codeset = charset.partition("@")[0].lower().replace("-", "")
    globs = [
        "/usr/lib/locale/locale-archive", "/usr/share/locale/locale.alias", "/etc/locale.alias",
        f"/usr/lib/locale/{language}.{codeset}/**", f"/usr/lib/locale/{name}/**",
    ]  # fmt: skip
    if language != "C":
        short = language.partition("_")[0]
        globs += [f"/usr/share/locale/{language}/**", f"/usr/share/locale/{short}/LC_MESSAGES/*"]
        globs += [f"/usr/share/i18n/charmaps/{charset}.gz", f"/usr/share/i18n/locales/{language}"]
    return [path for glob in globs for path in expand(tree, glob)]
