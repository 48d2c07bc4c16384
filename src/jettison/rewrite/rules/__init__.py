"""The rules, one file each; adding one is a file, a line here, and a page in ``docs/rules``."""

from __future__ import annotations

from jettison.rewrite.model import Rule
from jettison.rewrite.rules.apt_lists import AptLists
from jettison.rewrite.rules.apt_recommends import AptRecommends
from jettison.rewrite.rules.exec_form import ExecForm
from jettison.rewrite.rules.from_args import FROM_ARG_DEFAULT, FROM_ARG_UNDEFINED
from jettison.rewrite.rules.from_platform import FROM_PLATFORM, REDUNDANT_PLATFORM
from jettison.rewrite.rules.from_tag import FROM_TAG, LATEST
from jettison.rewrite.rules.stage_names import FROM_AS_CASE, STAGE_CASE, STAGE_RESERVED

RULES: tuple[Rule, ...] = (
    AptLists(),
    AptRecommends(),
    ExecForm(),
    FROM_TAG,
    LATEST,
    FROM_PLATFORM,
    REDUNDANT_PLATFORM,
    STAGE_RESERVED,
    STAGE_CASE,
    FROM_AS_CASE,
    FROM_ARG_UNDEFINED,
    FROM_ARG_DEFAULT,
)
