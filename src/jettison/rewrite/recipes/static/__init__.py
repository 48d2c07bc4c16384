"""Sites of files: built where they were built, and served by a small nginx or by BusyBox."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs, Variant, variants
from jettison.errors import InvalidReference
from jettison.rewrite.recipes import interpreted, libraries, support
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.health import health_packages, health_shell
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.static.rules import CONFIGURATION, NOTES, configuration
from jettison.rewrite.recipes.static.served import Served, bare_start, served
from jettison.rewrite.recipes.steps import steps

_NGINX = ("nginx", "-g", "daemon off;")
_HTML = "/usr/share/nginx/html"
#: What needs modules that the slim image does not have.
_MODULES = r"\b(load_module|js_import|js_include|image_filter|xslt_stylesheet|geoip_\w+|perl)\b"
_NEEDS_OTHERS = re.compile(r"\b(include|fastcgi_pass|uwsgi_pass|lua_\w+)\b")
_ROOT = re.compile(r"^\s*(?:root|alias)\s+(/[^\s;]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Static:
    """A stage whose image is nginx with files, or which starts a program that serves files."""

    name: str = "static"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each server."""
        if project.triggers or interpreted.is_small(project):
            return
        if known := _nginx(project):
            yield from self._on_nginx(project, known)
        elif bare_start(project).words == _NGINX and _site(project):
            yield from self._of_debian(project)
        elif site := served(project):
            yield from self._of_server(project, site)

    def _on_nginx(self, project: Project, known: tuple[Variant, ...]) -> Iterator[Candidate]:
        """The same nginx, without what was only needed to make the files."""
        if all(step.command.name == "rm" for step in steps(project)):
            return  # nothing was made that could be left behind
        texts = [project.read(path) for path in project.paths if path.endswith((".conf", ".template"))]
        modules = any(re.search(_MODULES, text) for text in texts)
        changed = [path for path in (_HTML, "/etc/nginx") if _touches(project, path)]
        removed = [f"RUN rm -rf {path}" for path in _removed(project)]
        for base in known:
            if modules and base.name == "alpine-slim":
                continue
            packages = [name for name in health_packages(project, base) if base.distribution == "alpine"]
            copies = [*support.surroundings(project, base), *interpreted.whole(project, *changed)]
            final = Final(base.reference, copies, start(project), [*libraries.installs(packages, base), *removed])
            yield Candidate(self.name, compose(project, final), base, Needs())

    def _of_debian(self, project: Project) -> Iterator[Candidate]:
        """Debian's nginx with one site: the site becomes the only one of a published nginx."""
        site = _site(project)
        text = _site_text(project)
        directories = tuple(dict.fromkeys(_ROOT.findall(text))) or ("/var/www/html",)
        if _NEEDS_OTHERS.search(text):
            return
        for base in support.bases(project, "static"):
            if base.family == "nginx":
                copies = [from_build(project, site, to=CONFIGURATION)]
                copies += [from_build(project, path, to=path) for path in directories]
                before = libraries.installs(health_packages(project, base), base)
                begin = Start(None, _NGINX, shell=False, changed=True)
                notes = ("nginx runs with its own main configuration, not Debian's: that compresses answers",)
                text = compose(project, Final(base.reference, copies, begin, before))
                yield Candidate(self.name, text, base, Needs(), notes=notes)

    def _of_server(self, project: Project, site: Served) -> Iterator[Candidate]:
        """nginx with the server's rules; BusyBox where its rules are the same."""
        last = [site.build] if site.build else []
        files = from_build(project, site.directory, to=site.directory)
        note = NOTES.get(site.kind, f"{site.kind} reloads pages when files change, nginx does not")
        for base in support.bases(project, "static"):
            needs = Needs(shell=health_shell(project), user=project.config.user.partition(":")[0])
            before = libraries.installs(health_packages(project, base), base)
            if base.family == "nginx" and not project.config.user:
                begin = Start(None, _NGINX, shell=False, changed=True)
                final = Final(base.reference, [configuration(site), files], begin, before)
            elif base.family == "busybox" and _is_plain(project, site):
                words = ("busybox", "httpd", "-f", "-p", str(site.port), "-h", site.directory)
                final = Final(base.reference, [files], Start(None, words, shell=False, changed=True), before)
            else:
                continue
            yield Candidate(self.name, compose(project, final, last=last), base, needs, notes=(note,))


def _nginx(project: Project) -> tuple[Variant, ...]:
    """The base and its smaller relatives, where it is nginx."""
    image = project.stage.base.image
    try:
        known = () if "$" in image else variants(image, project.extra)
    except InvalidReference:
        return ()
    return known if known and known[0].family == "nginx" else ()


def _touches(project: Project, place: str) -> bool:
    """Whether a command changes what is in a directory of the base; files that COPY puts there are copied alone."""
    return any(place in step.instruction.source and step.command.name != "rm" for step in steps(project))


def _removed(project: Project) -> Iterator[str]:
    """Files of the base that a step takes away: COPY adds, and takes nothing away."""
    for step in steps(project):
        if step.command.name == "rm":
            paths = (step.at(word.value) for word in step.command.operands if word.value)
            yield from (path for path in paths if path.startswith(("/etc/nginx/", _HTML)))


def _site(project: Project) -> str:
    """Where the only site of Debian's nginx is; ``""`` where nginx was not installed, or has more of them."""
    installs = any(
        step.command.name in ("apt", "apt-get") and "nginx" in {word.value for word in step.command.operands}
        for step in steps(project)
    )
    text = "\n".join(instruction.source for instruction in project.instructions)
    named = sorted(set(re.findall(r"/etc/nginx/[\w./-]+", text)))
    known = ("/etc/nginx/sites-available/default", "/etc/nginx/sites-enabled/default")
    return known[0] if installs and all(path in known for path in named) else ""


def _site_text(project: Project) -> str:
    """The site's configuration: of the built image, else of the context."""
    entry = project.tree.resolve(_site(project)) if project.tree is not None else None
    if project.tree is not None and entry is not None:
        return project.tree.read(entry, 1 << 20).decode("utf-8", "replace")
    return "\n".join(project.read(path) for path in project.paths if posixpath.basename(path).endswith(".conf"))


def _is_plain(project: Project, site: Served) -> bool:
    """Whether every directory that is served is known to have an index, so that nobody sees a list; and whether
    BusyBox names the types of all files as others do."""
    if site.kind not in ("python", "http-server") or site.build:
        return False
    tree = project.tree
    if tree is None:
        return False
    files = [path for path in tree.below(site.directory) if not tree.children(path)]
    directories = {posixpath.dirname(path) for path in files}
    known = all(path.endswith((".html", ".htm", ".css", ".png", ".jpg", ".jpeg", ".gif", ".txt")) for path in files)
    return known and all(f"{path}/index.html" in tree for path in directories)
