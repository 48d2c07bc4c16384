"""The rules, one file each; adding one is a file, a line here, and a page in ``docs/rules``."""

from __future__ import annotations

from jettison.rewrite.model import Rule
from jettison.rewrite.rules.apt_lists import AptLists
from jettison.rewrite.rules.apt_recommends import AptRecommends
from jettison.rewrite.rules.exec_form import ExecForm

RULES: tuple[Rule, ...] = (
    AptLists(),
    AptRecommends(),
    ExecForm(),
)
