"""Families of plug-ins that libraries and programs load by name, so that no ELF header tells of them.

One row is one fact about a widely used library: what it is called, and which globs it may open. ``{dir}`` is the
directory of the library. Rows come from the libraries' own documentation and from their file lists in Debian.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate

from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree, Kind

_CONFIG_LIMIT = 1 << 16

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"/libcrypto\.so", ("{dir}/ossl-modules/*.so", "{dir}/engines-*/*.so", "/etc/ssl/openssl.cnf",
                         "/usr/lib/ssl/openssl.cnf", "/etc/ssl1.1/openssl.cnf")),
    (r"/libicu(data|uc)\.so", ("/usr/share/icu/*/*.dat",)),
    (r"/libpam\.so", ("{dir}/security/*.so", "/usr/lib/*/security/*.so", "/etc/pam.d/*", "/etc/pam.conf",
                      "/etc/security/*", "/etc/login.defs")),
    (r"/libsasl2\.so", ("{dir}/sasl2/*.so*",)),
    (r"/libkrb5\.so", ("{dir}/krb5/plugins/*/*.so", "/etc/krb5.conf", "/etc/krb5.conf.d/*")),
    (r"/libgssapi_krb5\.so", ("/etc/gss/mech.d/*", "{dir}/gssntlmssp/*.so")),
    (r"/libgio-2\.0\.so", ("{dir}/gio/modules/*", "/usr/share/glib-2.0/schemas/gschemas.compiled")),
    (r"/libgdk_pixbuf-2\.0\.so", ("{dir}/gdk-pixbuf-2.0/**", "/usr/share/mime/mime.cache")),
    (r"/libMagick(Core|\+\+|Wand)", ("{dir}/ImageMagick-*/**", "/usr/lib/ImageMagick-*/**", "/etc/ImageMagick-*/*",
                                     "/usr/share/ImageMagick-*/*")),
    (r"/libGraphicsMagick", ("{dir}/GraphicsMagick-*/**", "/usr/share/GraphicsMagick-*/**")),
    (r"/libodbc(inst)?\.so", ("{dir}/odbc/*.so", "/etc/odbc*.ini")),
    (r"/libfontconfig\.so", ("/etc/fonts/**", "/usr/share/fontconfig/conf.avail/*", "/usr/share/fonts/**")),
    (r"/libmagic\.so", ("/usr/share/misc/magic*", "/usr/share/file/magic*", "/usr/lib/file/magic.mgc", "/etc/magic*")),
    (r"/libgs\.so|/bin/gs$", ("/usr/share/ghostscript/**", "/var/lib/ghostscript/**")),
    (r"/libgvc\.so", ("{dir}/graphviz/*", "/usr/lib/graphviz/*")),
    (r"/libvips\.so", ("{dir}/vips-modules-*/*.so",)),
    (r"/libheif\.so", ("{dir}/libheif/**/*.so", "{dir}/libheif/*.so")),
    (r"/libproj\.so", ("/usr/share/proj/*",)),
    (r"/libgdal\.so", ("/usr/share/gdal/**",)),
    (r"/libgstreamer-1\.0\.so", ("{dir}/gstreamer-1.0/*.so", "{dir}/gstreamer1.0/**")),
    (r"/libnss3\.so", ("{dir}/libsoftokn3.*", "{dir}/libfreebl*.*", "{dir}/libnssckbi.so", "{dir}/nss/*")),
    (r"/libp11-kit\.so", ("{dir}/pkcs11/*.so", "/usr/share/p11-kit/modules/*", "/etc/pkcs11/**")),
    (r"/libldap", ("/etc/ldap/ldap.conf", "/etc/openldap/ldap.conf")),
    (r"/lib(mariadb|mysqlclient)\.so", ("{dir}/libmariadb3/plugin/*.so", "/usr/lib/mysql/plugin/*.so", "/etc/my.cnf",
                                        "/etc/mysql/**")),
    (r"/lib(n?curses(w)?|tinfo)\.so", ("/etc/terminfo/**", "/lib/terminfo/**", "/usr/share/terminfo/[xvlsda]/"
                                       "{{xterm,xterm-256color,xterm-color,vt100,vt220,linux,screen,screen-256color,"
                                       "dumb,ansi,tmux,tmux-256color}}")),
    (r"/libaspell\.so", ("/usr/lib/aspell/**", "/var/lib/aspell/**")),
    (r"/libenchant-2\.so", ("{dir}/enchant-2/*.so", "/usr/share/enchant-2/*")),
    (r"/libhunspell", ("/usr/share/hunspell/*", "/usr/share/myspell/**")),
    (r"/libtesseract\.so", ("/usr/share/tesseract-ocr/**",)),
    (r"/libespeak-ng\.so", ("{dir}/espeak-ng-data/**",)),
    (r"/libsnmp\.so", ("/usr/share/snmp/mibs/**",)),
    (r"/libgphoto2", ("{dir}/libgphoto2/**",)),
    (r"/libpoppler\.so", ("/usr/share/poppler/**",)),
    (r"/libxkbcommon\.so", ("/usr/share/X11/xkb/**",)),
    (r"/libX11\.so", ("/usr/share/X11/locale/**",)),
    (r"/libGL(X|dispatch)?\.so", ("{dir}/dri/swrast_dri.so", "{dir}/libGLX_mesa.so*", "/usr/share/glvnd/**")),
    (r"/libQt5Core\.so", ("{dir}/qt5/plugins/**",)),
    (r"/libQt6Core\.so", ("{dir}/qt6/plugins/**",)),
    (r"/libwx_baseu", ("{dir}/wx/**",)),
    (r"/libtcl8", ("/usr/share/tcltk/**",)),
    (r"/libopenblas\.so|/libblas\.so", ("{dir}/openblas-pthread/*.so*", "{dir}/blas/*.so*", "{dir}/lapack/*.so*")),
    (r"/libmkl_(core|rt)\.so", ("{dir}/libmkl_*.so*",)),
    (r"/libcudart\.so", ("{dir}/libcu*.so*", "{dir}/libnv*.so*")),
    (r"/git$", ("/usr/lib/git-core/**", "/usr/share/git-core/templates/**", "/usr/libexec/git-core/**")),
    (r"/sbin/apache2$", ("/usr/lib/apache2/modules/*.so", "/etc/apache2/**", "/usr/share/apache2/**")),
    (r"/sbin/httpd$", ("/etc/httpd/**", "/usr/lib64/httpd/modules/*.so", "/usr/share/httpd/**")),
    (r"/bin/httpd$", ("/usr/local/apache2/modules/*.so", "/usr/local/apache2/conf/**")),
    (r"/sbin/nginx$", ("/usr/lib/nginx/modules/*.so", "/usr/share/nginx/modules-available/*", "/etc/nginx/**")),
    (r"/sbin/lighttpd$", ("/usr/lib/lighttpd/*.so", "/etc/lighttpd/**", "/usr/share/lighttpd/*")),
    (r"/bin/postgres$", ("{dir}/../lib/**", "/usr/lib/locale/C.utf8/*",
                         "/usr/share/postgresql/**", "/usr/lib/postgresql/*/lib/**",
                         "/usr/local/lib/postgresql/**", "/usr/local/share/postgresql/**")),
    (r"/sbin/(mysqld|mariadbd)$", ("/usr/share/mysql/**", "/usr/share/mariadb/**", "/usr/lib/mysql/plugin/*")),
    (r"/sbin/(exim4|postfix|dovecot)$", ("/usr/lib/{name}/**", "/usr/share/{name}/**")),
    (r"/bin/convert(-im\d.*)?$", ("/etc/ImageMagick-*/*",)),
    (r"/bin/(bsd)?tar$", ("/bin/gzip", "/usr/bin/gzip", "/bin/bzip2", "/usr/bin/bzip2", "/usr/bin/xz")),
    (r"/bin/rsync$", ("/usr/bin/ssh",)),
    (r"/bin/(ssh|sshd)$", ("/etc/ssh/**", "/usr/lib/openssh/*")),
    (r"/bin/vim(\.\w+)?$", ("/usr/share/vim/**", "/etc/vim/*")),
    (r"/bin/(gpg|gpg2)$", ("/usr/bin/gpg-agent", "/usr/bin/gpgconf", "/usr/lib/gnupg/*")),
    (r"/gconv/[^/]+\.so$", ("{dir}/gconv-modules", "{dir}/gconv-modules.cache", "{dir}/gconv-modules.d/*")),
)  # fmt: skip

_COMPILED = tuple((re.compile(pattern), globs) for pattern, globs in FAMILIES)
_C_LIBRARY = re.compile(r"/libc(-2\.\d+)?\.so(\.6)?$")
_SERVICES = ("files", "dns")
_EMPTY_LIBRARY = 16 << 10


class Plugins:
    """Closer: the families of what is kept."""

    name = "dlopen"

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._done: dict[str, tuple[str, ...]] = {}

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if ".so" not in entry.name and not entry.is_executable:
            return  # every row is about a library or a program
        evidence = Evidence("dlopen", entry.path)
        for pattern, globs in _COMPILED:
            if pattern.search(entry.path):
                for glob in globs:
                    filled = glob.replace("{dir}", entry.parent).replace("{name}", entry.name)
                    yield from (Edge(path, evidence) for path in self._paths(filled))
        if _C_LIBRARY.search(entry.path):
            yield from self._name_services(entry)

    def _name_services(self, entry: FileEntry) -> Iterator[Edge]:
        """``/etc/nsswitch.conf`` names what glibc loads to look up users and hosts (nsswitch.conf(5))."""
        services = dict.fromkeys(_SERVICES)  # what glibc takes where the file says nothing
        conf = self._tree.resolve("/etc/nsswitch.conf")
        if conf is not None and conf.kind is Kind.FILE:
            for line in self._tree.read(conf, _CONFIG_LIMIT).decode("utf-8", "replace").splitlines():
                words = line.partition("#")[0].partition(":")[2].split()
                services |= dict.fromkeys(word for word in words if word.isalnum() or "_" in word)
        for service in services:
            path = f"{entry.parent}/libnss_{service}.so.2"
            # Since glibc 2.34 files and dns are in libc itself, and empty files of their names are never opened.
            if path in self._tree and (service not in _SERVICES or self._tree[path].size > _EMPTY_LIBRARY):
                yield Edge(path, Evidence("dlopen", entry.path))

    def _paths(self, glob: str) -> tuple[str, ...]:
        if glob not in self._done:
            self._done[glob] = tuple(path for one in _braces(glob) for path in matching(self._tree, one))
        return self._done[glob]


def _braces(glob: str) -> Iterator[str]:
    head, brace, rest = glob.partition("{{")
    if not brace:
        yield glob
        return
    inner, _, tail = rest.partition("}}")
    yield from (f"{head}{choice}{tail}" for choice in inner.split(","))


def matching(tree: FileTree, glob: str) -> Iterator[str]:
    """The files (and links) that ``glob`` names: ``*`` within a directory, a last ``**`` for everything below."""
    parts = glob.strip("/").split("/")
    yield from _match(tree, "", parts)


def _match(tree: FileTree, here: str, parts: list[str]) -> Iterator[str]:
    first, rest = parts[0], parts[1:]
    if first == "**":
        for path in tree.below(here):
            name_fits = not rest or re.match(translate(rest[-1]), path.rpartition("/")[2])
            if name_fits and tree[path].kind is not Kind.DIRECTORY:
                yield path
        return
    if first == "..":
        yield from _match(tree, here.rpartition("/")[0], rest)
        return
    if "*" in first or "[" in first or "?" in first:
        end, _ = tree.walk(here or "/")
        pattern = re.compile(translate(first))
        names = [p.rpartition("/")[2] for p in tree.children(end or "") if pattern.match(p.rpartition("/")[2])]
    else:
        names = [first]
    for name in names:
        path = f"{here}/{name}"
        if rest:
            yield from _match(tree, path, rest) if tree.resolve(path) else ()
        elif (entry := tree.resolve(path)) is not None and entry.kind is not Kind.DIRECTORY:
            yield path
