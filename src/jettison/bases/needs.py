"""What rules an image out as the base of a program."""

from __future__ import annotations

import re

from jettison.bases.model import Needs, Variant

#: Sonames that a C library brings itself, whichever distribution packs it.
_GLIBC = re.compile(
    r"ld-linux[\w-]*\.so\.\d|ld64\.so\.\d|lib(c|m)\.so\.6|libnss_(compat|db|dns|files|hesiod)\.so\.2"
    r"|lib(mvec|pthread|dl|rt|util|resolv|anl|BrokenLocale|thread_db)\.so\.[012]|libnsl\.so\.1"
)
_MUSL = re.compile(r"ld-musl-[\w-]+\.so\.1|libc\.(so|musl-[\w-]+\.so\.1)")
_OWN = {"glibc": _GLIBC, "musl": _MUSL}


def lacks(variant: Variant, needs: Needs) -> str:
    """Why a program with these needs cannot run on this image, in words that follow its name; empty if it can."""
    return (
        _libc(variant, needs)
        or _shell(variant, needs)
        or _package_manager(variant, needs)
        or _libraries(variant, needs)
        or _user(variant, needs)
        or ("has no CA certificates" if needs.certificates and not variant.certificates else "")
        or ("has no time zones" if needs.tz and not variant.tz else "")
    )


def _libc(variant: Variant, needs: Needs) -> str:
    if not needs.libc or needs.libc == "none" or needs.libc == variant.libc:
        return ""
    has = f"has {variant.libc}" if variant.libc != "none" else "has no C library"
    return f"{has}, but the program is linked to {needs.libc}"


def _shell(variant: Variant, needs: Needs) -> str:
    return "has no shell, which the program or its command line needs" if needs.shell and not variant.shell else ""


def _package_manager(variant: Variant, needs: Needs) -> str:
    if not needs.package_manager or needs.package_manager == variant.package_manager:
        return ""
    has = f"has {variant.package_manager}" if variant.package_manager else "has no package manager"
    return f"{has}, not {needs.package_manager}"


def _libraries(variant: Variant, needs: Needs) -> str:
    own = _OWN.get(variant.libc)
    known = set(variant.libraries)
    missing = [name for name in needs.libraries if name not in known and not (own and own.fullmatch(name))]
    if not missing:
        return ""
    shown, more = ", ".join(missing[:3]), len(missing) - 3
    return f"lacks {shown}" + (f" and {more} more" if more > 0 else "")


def _user(variant: Variant, needs: Needs) -> str:
    if not needs.user or needs.user.isdecimal() or needs.user in variant.users:
        return ""
    return f"has no user {needs.user}"
