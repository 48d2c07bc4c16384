"""Commands that clean up, and do it wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.layers import behind, shipped, sudo, tool
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet


def _npm(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        for _, script in sheet.runs(stage):
            for command in script.commands:
                cleans = command.runs("npm", "cache", "clean") or command.runs("npm", "cache", "clear")
                if cleans and not command.options & {"--force", "-f"}:
                    end = command.operands[1].end
                    yield at(command, "", (Edit(end, end, " --force"),))


def _gem(sheet: Sheet) -> Iterator[Hit]:
    for _, _, script in shipped(sheet):
        for command in script.commands:
            updates = (
                tool(command)[0] == "gem" and command.runs(command.name, "update") and "--system" in command.options
            )
            if updates and tool(command)[0] == "gem" and not re.search(r"rm\s[^;&|]*\.gem(?:[\s;&|/]|$)", script.text):
                yield at(command, "", behind(script, f"{sudo(command)}rm -rf /root/.gem"), safe=False)


NPM_CACHE_FORCE = Plain(
    "npm-cache-force", Severity.WARNING, "npm cache clean fails without --force since npm 5",
    ("Parfum npmCacheCleanUseForce",), _npm,
)  # fmt: skip
GEM_ROOT = Plain(
    "gem-system-rm-root", Severity.INFO, "gem update --system leaves /root/.gem; remove it in the same RUN",
    ("Parfum gemUpdateSystemRmRootGem",), _gem,
)  # fmt: skip
