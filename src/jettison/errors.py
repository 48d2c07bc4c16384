"""Every error that Jettison raises on purpose, as one tree.

::

    JettisonError                      exit code 1
    ├── InvalidInput                   what was given cannot be read
    │   ├── InvalidReference           not an image reference
    │   ├── InvalidArchive             not a tar, truncated, or a path that leaves the root
    │   ├── InvalidConfiguration       jettison.toml, docker config.json
    │   └── DockerfileError            a syntax error with line, column and a caret
    ├── IntegrityError                 a blob's digest or size is not the one announced
    ├── NotFound                       an image, a tag, a blob, a file
    ├── Unsupported                    known, but not done here; names what would do it
    ├── RegistryError                  a registry answered with an error, or not at all
    │   └── Unauthorized               credentials missing or refused
    ├── BuildError                     a build step failed
    ├── ContainerError                 a container could not be started or run
    │   └── PrivilegeRequired          root, or a tool, is missing; says exactly what
    ├── ProbeError                     the original does not answer its own probes
    ├── OutOfSpace                     the disk is full
    └── GateFailed                     exit code 3: a condition that was asked for does not hold

A message is one line, ``cannot X: reason``, and is shown to the user as it is.
"""

from __future__ import annotations


class JettisonError(Exception):
    """The root of the tree. ``str(error)`` is the one line that the user sees."""

    exit_code = 1


class InvalidInput(JettisonError):
    """What was given cannot be read."""


class InvalidReference(InvalidInput):
    """Not an image reference in the grammar of containers/image transports."""


class InvalidArchive(InvalidInput):
    """Not a tar archive, a truncated one, or one whose paths leave the root."""


class InvalidConfiguration(InvalidInput):
    """A configuration file holds something that is not understood."""


class DockerfileError(InvalidInput):
    """A syntax error in a Dockerfile.

    ``line`` and ``column`` count from 1; ``source`` is the line's text; ``str()`` is
    ``FILE:LINE:COLUMN: message`` followed by the source line and a caret below the column.
    """

    def __init__(self, message: str, *, line: int, column: int = 1, source: str = "", file: str = "Dockerfile") -> None:
        self.message = message
        self.line = line
        self.column = column
        self.source = source
        self.file = file
        super().__init__(message)

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}:{self.column}: {self.message}"
        if not self.source:
            return head
        shown = self.source.expandtabs(1)
        return f"{head}\n  {shown}\n  {' ' * (self.column - 1)}^"


class IntegrityError(JettisonError):
    """A blob's digest or size is not the one that was announced."""


class NotFound(JettisonError):
    """An image, a tag, a blob or a file does not exist."""


class Unsupported(JettisonError):
    """Known, but not done here. The message names what would do it."""


class RegistryError(JettisonError):
    """A registry answered with an error, or did not answer."""


class Unauthorized(RegistryError):
    """Credentials are missing, or the registry refused them."""


class BuildError(JettisonError):
    """A build step failed."""


class ContainerError(JettisonError):
    """A container could not be started or run."""


class PrivilegeRequired(ContainerError):
    """A privilege or a system tool is missing; the message says exactly which."""


class ProbeError(JettisonError):
    """The original image does not answer its own probes."""


class OutOfSpace(JettisonError):
    """The disk is full."""


class GateFailed(JettisonError):
    """A condition that the user asked for does not hold."""

    exit_code = 3
