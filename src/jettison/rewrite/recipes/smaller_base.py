"""The same Dockerfile on a smaller image of the same family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs, variants
from jettison.dockerfile import edit, render
from jettison.errors import InvalidReference
from jettison.rewrite.fix import fix
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.steps import steps
from jettison.rewrite.rules import RULES

#: What a step calls, and what a base must have for it.
_MANAGERS = {"apt-get": "apt", "apt": "apt", "apk": "apk", "yum": "yum", "dnf": "dnf"}
#: Not what leaves recommended packages out: what a probe does not visit may need them (certificates, for one).
_RULES = tuple(rule for rule in RULES if rule.name != "apt-recommends")


@dataclass(frozen=True, slots=True)
class SmallerBase:
    """For every Dockerfile whose base has smaller relatives; what is built in the image stays in it."""

    name: str = "smaller-base"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each smaller relative, with the edits of the rules."""
        image = project.stage.base.image
        if "$" in image or project.triggers or any(stage.name == image.lower() for stage in project.sheet.stages):
            return
        try:
            known = variants(image, project.extra)
        except InvalidReference:
            return
        manager = next((_MANAGERS[s.command.name] for s in steps(project) if s.command.name in _MANAGERS), "")
        user = project.config.user.partition(":")[0]
        made_here = any(step.command.name in ("useradd", "adduser") for step in steps(project))
        needs = Needs(shell=bool(steps(project)), package_manager=manager, user="" if made_here else user)
        for base in known[1:]:
            head = project.stage.head
            text = render(edit.replace(project.dockerfile, head, head.source.replace(image, base.reference, 1)))
            mended, _ = fix(text, context=project.context, rules=_RULES, unsafe=True)
            yield Candidate(self.name, mended, base, needs)
