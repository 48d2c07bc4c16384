"""The shell in RUN, CMD, ENTRYPOINT and HEALTHCHECK, as commands with their places, by tree-sitter's Bash grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

from tree_sitter import Language, Node, Parser

#: Tokens between commands that say how the second depends on the first.
_OPERATORS = frozenset({"&&", "||", ";", ";;", "|", "|&", "&", "\n"})
#: Nodes whose commands run only sometimes, or several times.
_CONDITIONAL = frozenset({
    "if_statement", "for_statement", "c_style_for_statement", "while_statement", "case_statement",
    "function_definition",
})  # fmt: skip
_APART = frozenset({"subshell", "command_substitution", "process_substitution"})
_EXPANSIONS = frozenset({
    "simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion",
    "ansi_c_string", "translated_string", "brace_expression",
})  # fmt: skip
_COMMANDS = frozenset({"command", "declaration_command", "unset_command", "test_command"})
_NO_WORDS = frozenset({"herestring_redirect", "file_redirect", "heredoc_redirect"})
#: Commands that run the command in their arguments.
_PREFIXES = frozenset({"sudo", "exec", "command", "time", "nohup", "nice", "env"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was written; ``value`` without quotes, ``None`` where it is known only at run time."""

    text: str
    value: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Command:
    """A simple command. ``before`` is the operator in front of it, ``""`` for the first; a new line is one too.

    ``conditional`` says that it may run never or several times, ``apart`` that it stands in a subshell or a
    substitution. ``end`` is behind its redirections.
    """

    words: tuple[Word, ...]
    start: int
    end: int
    before: str = ""
    conditional: bool = False
    apart: bool = False
    assignments: tuple[str, ...] = ()
    redirections: tuple[str, ...] = ()

    @cached_property
    def proper(self) -> tuple[Word, ...]:
        """The words without ``sudo``, ``exec``, ``env A=b`` and their like in front."""
        words = self.words
        while words and (words[0].value or "").rpartition("/")[2] in _PREFIXES:
            words = words[1:]
            while words and (words[0].text.startswith("-") or _ASSIGNMENT.fullmatch(words[0].text)):
                words = words[1:]
        return words

    @cached_property
    def name(self) -> str:
        """What is run, without its directory; ``""`` where that is known only at run time."""
        return (self.proper[0].value or "").rpartition("/")[2] if self.proper else ""

    @cached_property
    def arguments(self) -> tuple[Word, ...]:
        """The words behind the name."""
        return self.proper[1:]

    @cached_property
    def operands(self) -> tuple[Word, ...]:
        """The arguments that are no options. Values of options count too: the shell does not tell them apart."""
        found: list[Word] = []
        rest = False
        for word in self.arguments:
            if word.value == "--" and not rest:
                rest = True
            elif rest or not word.text.startswith("-") or word.text == "-":
                found.append(word)
        return tuple(found)

    @cached_property
    def options(self) -> frozenset[str]:
        """Options without values: ``--long=x`` is ``--long``; ``-xzf`` is ``-x``, ``-z``, ``-f`` and itself."""
        found: set[str] = set()
        for word in self.arguments:
            text = word.value or word.text
            if text.startswith("--"):
                found.add(text.partition("=")[0])
            elif text.startswith("-") and len(text) > 1:
                found |= {text, *(f"-{letter}" for letter in text[1:])}
        return frozenset(found)

    def runs(self, name: str, *operands: str) -> bool:
        """Whether it is ``name`` with these first operands: ``runs("apt-get", "install")``."""
        if self.name != name:
            return False
        given = [word.value for word in self.operands[: len(operands)]]
        return given == list(operands)


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of one instruction, in the order in which they stand, those within substitutions too.

    ``sound`` is false where the shell would not understand it: then no edit should be made. ``text`` is from
    ``start`` as far as it goes, with line ends that Docker takes away as blanks.
    """

    commands: tuple[Command, ...]
    start: int
    text: str
    sound: bool = True


@cache
def _parser() -> Parser:
    import tree_sitter_bash

    return Parser(Language(tree_sitter_bash.language()))


def parse(text: str, start: int) -> Script:
    """The script ``text``, which stands at offset ``start``. Never raises: what is no shell is not ``sound``."""
    plain = re.sub(r"[^\x01-\x7f]", "_", text)  # one byte for each character, so that offsets agree
    root = _parser().parse(plain.encode("ascii")).root_node
    commands = tuple(_Walk(text, start).commands(root))
    return Script(commands, start, text, not root.has_error)


_Step: TypeAlias = "tuple[Node, bool, bool, tuple[Node, ...]]"


def _with_redirections(node: Node, outer: tuple[Node, ...], children: list[_Step]) -> list[_Step]:
    """The grammar hangs redirections on a whole list; the shell means the last command of it."""
    if node.type == "redirected_statement":
        outer = (*(child for child in node.children if child.type in _NO_WORDS), *outer)
    elif node.type not in ("list", "pipeline"):
        return children
    for at in reversed(range(len(children))):
        child, conditional, apart, _ = children[at]
        if child.is_named and child.type not in _NO_WORDS:
            children[at] = (child, conditional, apart, outer)
            break
    return children


class _Walk:
    """A walk over the tree in the order of the text, which remembers the last operator. Not recursive."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.operator = ""

    def commands(self, root: Node) -> Iterator[Command]:
        waiting: list[_Step] = [(root, False, False, ())]
        while waiting:
            node, conditional, apart, redirections = waiting.pop()
            if node.type in _OPERATORS and not node.is_named:
                self.operator = node.type
                continue
            if node.type in _COMMANDS and node.end_byte > node.start_byte:
                yield self.command(node, conditional, apart, redirections)
                self.operator = "\n"  # where no other operator comes, a new line began
            conditional = conditional or node.type in _CONDITIONAL
            apart = apart or node.type in _APART
            children: list[_Step] = [(child, conditional, apart, ()) for child in node.children]
            waiting += reversed(_with_redirections(node, redirections, children))

    def command(self, node: Node, conditional: bool, apart: bool, redirections: tuple[Node, ...]) -> Command:
        words, assignments = [], []
        for child in node.children:
            if child.type == "variable_assignment" and node.type == "command":
                assignments.append(self.slice(child))
            elif child.type == "command_name":
                words += [self.word(inner) for inner in child.children[:1]] or [self.word(child)]
            elif child.type not in _NO_WORDS and child.end_byte > child.start_byte:
                words.append(self.word(child))
        end = max([node.end_byte, *(r.end_byte for r in redirections if r.type == "file_redirect")])
        given = tuple(self.slice(r) for r in (*redirections, *node.children) if r.type in _NO_WORDS)
        return Command(
            tuple(words), self.start + node.start_byte, self.start + end, "" if apart else self.operator,
            conditional, apart,
            tuple(assignments), given,
        )  # fmt: skip

    def slice(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    def word(self, node: Node) -> Word:
        return Word(self.slice(node), self.literal(node), self.start + node.start_byte, self.start + node.end_byte)

    def literal(self, node: Node) -> str | None:
        """A word without its quotes; ``None`` where it holds an expansion."""
        text = self.slice(node)
        match node.type:
            case "raw_string":
                return text[1:-1]
            case "string":
                known = all(child.type in ('"', "string_content") for child in node.children)
                return re.sub(r'\\([$`"\\])', r"\1", text[1:-1]) if known else None
            case "concatenation":
                parts = [self.literal(child) for child in node.children]
                return None if None in parts else "".join(part for part in parts if part is not None)
            case "variable_assignment":
                return None if "$" in text or "`" in text else text
            case kind if kind in _EXPANSIONS:
                return None
        return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
