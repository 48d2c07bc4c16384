"""Language runtimes: an interpreter that is used has its standard library kept whole, minus what never runs.

A program loads parts of a standard library long after it started; which, its own files rarely say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jettison.closure.model import Evidence
from jettison.filetree import FileTree
from jettison.plan.globs import expand
from jettison.plan.neverruns import never_runs


@dataclass(frozen=True, slots=True)
class Runtime:
    """``used`` is a pattern on kept paths, whose groups fill the globs of ``library``; ``without`` leaves out."""

    name: str
    used: str
    library: tuple[str, ...]
    without: str = r"(?!)"


RUNTIMES = (
    Runtime(
        "Python",
        r"^(?P<prefix>/.+)/(?:bin/python|lib/(?:[^/]+/)?libpython)(?P<version>3\.\d+)(?:\.so.*)?$",
        ("{prefix}/lib/python{version}/**", "/etc/python{version}/*"),
        r"/(site|dist)-packages/|/(ctypes|distutils|unittest|sqlite3)/test/"
        r"|/lib/python[^/]+/(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|config-[^/]+)/"
        r"|/turtle\.py$|/_tkinter|/(_test|_ctypes_test|xxlimited)",
    ),
    Runtime(
        "Perl", r"^/usr/bin/perl[\d.]*$", ("/usr/lib/*/perl-base/**", "/etc/perl/**", "/usr/share/perl5/core_perl/**")
    ),
    Runtime(
        "Perl's modules",
        r"^/usr/(share|lib/[^/]+)/perl/(?P<version>5[\d.]*)/.",
        ("/usr/share/perl/{version}/**", "/usr/lib/*/perl/{version}/**"),
        r"/(pod|CPAN|Test|TAP|perl5db\.pl|unicore/(To|lib)/.*\.txt)(/|$)|/CORE/",
    ),
    Runtime(
        "Perl's packages",
        r"^/usr/(share|lib/[^/]+)/perl5/.",
        ("/usr/share/perl5/**", "/usr/lib/*/perl5/**"),
        r"/perl5/(Debconf|Dpkg|Debian|Locale/Po4a|Test)/",
    ),
    Runtime(
        "Ruby",
        r"^(?P<prefix>/usr|/usr/local|/opt/[^/]+)/(?:bin/ruby(?:[\d.]*)$|lib/(?:[^/]+/)?libruby[^/]*\.so)",
        (
            "{prefix}/lib/ruby/[0-9]*/**",
            "{prefix}/lib/*/ruby/[0-9]*/**",
            "{prefix}/lib/*/ruby/vendor_ruby/**",
            "{prefix}/lib/ruby/vendor_ruby/**",
            "{prefix}/lib/ruby/gems/*/specifications/**",
        ),
        r"/(rdoc|rake/doc|irb/lc/ja)/",
    ),
    Runtime(
        "PHP",
        r"/(bin/php|sbin/php-fpm|libphp|mod_php)[\d.]*(\.so)?$|/sbin/php-fpm[\d.]*$",
        (
            "/etc/php/**",
            "/etc/php[0-9]*/**",
            "/usr/lib/php/*/*.so",
            "/usr/lib/php[0-9]*/modules/*.so",
            "/usr/share/php/**",
            "/usr/local/etc/php/**",
            "/usr/local/etc/php-fpm*/**",
            "/usr/local/etc/php-fpm*",
            "/usr/local/lib/php/extensions/**",
        ),
        r"/usr/share/php/(docs?|tests?)/",
    ),
    Runtime(
        "Java",
        r"^(?P<home>/(?!usr/(?:local/)?bin/).+)/(?:bin/java|lib/(?:[^/]+/)?(?:server|client)/libjvm\.so)$",
        ("{home}/lib/**", "{home}/conf/**", "{home}/bin/java", "{home}/release", "/etc/java-[0-9]*/**"),
        r"/lib/(src\.zip|ct\.sym)$|/(demo|sample|man|jmods)/",
    ),
    Runtime(
        "Node",
        r"^/usr/bin/node(js)?$",
        tuple(f"/usr/share/nodejs/{name}/**" for name in ("acorn", "acorn-walk", "cjs-module-lexer", "undici")),
    ),
    Runtime(
        "Erlang",
        r"^(?P<home>/.+/erlang)/erts-[^/]+/bin/beam(\.smp)?$",
        ("{home}/lib/**", "{home}/bin/**", "{home}/releases/**", "{home}/erts-*/bin/*"),
        r"/(src|include|examples|doc|man)/",
    ),
    Runtime(".NET", r"^(?P<home>/.+)/dotnet$", ("{home}/shared/**", "{home}/host/**")),
    Runtime("R", r"^(?P<home>/.+/lib/R)/bin/exec/R$", ("{home}/**", "/etc/R/**"), r"/(doc|html|help|tests|include)/"),
    Runtime(
        "Lua",
        r"/(bin/lua(jit)?|liblua(jit)?-?)[\d.-]*(\.so.*)?$",
        ("/usr/share/lua/**", "/usr/local/share/lua/**", "/usr/local/lib/lua/**"),
    ),
    Runtime("Tcl", r"/libtcl(?P<version>8\.\d)\.so", ("/usr/share/tcltk/tcl{version}/**",)),
    Runtime(
        "Go", r"^(?P<home>/usr/local/go|/usr/lib/go-[\d.]+)/bin/go$", ("{home}/**",), r"/(test|doc|api)/|/testdata/"
    ),
)

_RUNTIMES = tuple((runtime, re.compile(runtime.used), re.compile(runtime.without)) for runtime in RUNTIMES)

#: Package managers: a program is started through them, but they are not what it runs on.
PACKAGE_MANAGERS = frozenset({
    "npm", "yarn", "pnpm", "corepack", "npx", "pip", "setuptools", "wheel", "bundler", "composer", "pipenv",
    "poetry", "uv",
})  # fmt: skip


def libraries(tree: FileTree, kept: Iterable[str], *, whole: bool = False) -> dict[str, Evidence]:
    """The standard libraries of the interpreters among ``kept``; ``whole`` also keeps what never runs."""
    found: dict[str, Evidence] = {}
    done: set[str] = set()
    for path in kept:
        for runtime, used, without in _RUNTIMES:
            match = used.search(path)
            if not match:
                continue
            for glob in _globs(runtime, match.groupdict()):
                if glob not in done:
                    done.add(glob)
                    evidence = Evidence("runtime", path)
                    found |= {p: evidence for p in expand(tree, glob) if _stays(p, without, whole)}
    return found


def _globs(runtime: Runtime, groups: dict[str, str]) -> list[str]:
    return [glob.format(**groups) for glob in runtime.library]


def _stays(path: str, without: re.Pattern[str], whole: bool) -> bool:
    return not without.search(path) and (whole or not never_runs(path))


_INTERPRETERS = re.compile(
    r"/(python|perl|ruby|php|node|nodejs|java|lua|beam\.smp|dotnet|erl|npm|npx|yarn|pip|gem|bundle)[\d.]*(-fpm)?$"
    r"|/lib(python|ruby|perl|php|jvm|node|lua|tcl|R)[\d.-]*\.so|^/usr/local/lib/(node_modules|python|ruby|php|perl)"
    r"|^/usr/lib/(python|ruby|jvm|php|erlang|dotnet|R)[\d.]*/|^/usr/share/(perl|nodejs|ruby|php)/|/lib/[^/]+/perl(-base)?/"
)


def is_runtime(path: str) -> bool:
    """Whether ``path`` belongs to a language runtime, by where it lies: it goes into the runtime layer."""
    return _INTERPRETERS.search(path) is not None
