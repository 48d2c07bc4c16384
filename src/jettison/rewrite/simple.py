"""When a line of shell is no more than a program and its words, so that no shell is needed to run it."""

from __future__ import annotations

import re

from jettison.rewrite.shell import Command, Script

#: What the shell does itself. ``exec`` in front of a program is no loss: that is what the exec form does.
_BUILTINS = frozenset({
    ".", ":", "[", "alias", "bg", "break", "case", "cd", "command", "continue", "echo", "eval", "exit", "export",
    "false", "fg", "for", "getopts", "hash", "if", "jobs", "kill", "let", "local", "printf", "pwd", "read", "readonly",
    "return", "set", "shift", "source", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset",
    "until", "wait", "while",
})  # fmt: skip
_MAGIC = re.compile(r"[*?\[\]~{}!#&|;<>()$`]")


def exec_words(script: Script) -> tuple[str, ...] | None:
    """The words that the shell would run; ``None`` where it would do anything besides.

    The program is found on PATH in both forms. Relative paths begin at the working directory in both.
    """
    if not script.sound or len(script.commands) != 1:
        return None
    command = script.commands[0]
    words = command.words
    if words and words[0].value == "exec" and len(words) > 1:
        words = words[1:]
    plain = plain_words(command, script)
    if not plain or words[0].value in _BUILTINS:
        return None
    return tuple(str(word.value) for word in words)


def plain_words(command: Command, script: Script) -> bool:
    """Whether every word is known now, and nothing else stands there: no variables, patterns, redirections."""
    rest = script.text[: command.start - script.start] + script.text[command.end - script.start :]
    if rest.strip() or command.assignments or command.redirections or command.conditional:
        return False
    return bool(command.words) and all(
        word.value is not None and (word.text[:1] in "'\"" or not _MAGIC.search(word.text)) for word in command.words
    )
