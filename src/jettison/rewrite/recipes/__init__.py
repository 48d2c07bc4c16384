"""From a Dockerfile and its context to small ones, by kind of program. A recipe is one file and one line here.

``open_project`` gathers what recipes read; ``candidates`` gives what all of them write.
"""

from __future__ import annotations

from jettison.rewrite.recipes.dotnet import DotNet
from jettison.rewrite.recipes.go import Go
from jettison.rewrite.recipes.java import Java
from jettison.rewrite.recipes.model import Candidate, Project, Recipe
from jettison.rewrite.recipes.native import Native
from jettison.rewrite.recipes.nextjs import NextJs
from jettison.rewrite.recipes.node import Node
from jettison.rewrite.recipes.php import Php
from jettison.rewrite.recipes.project import open_project
from jettison.rewrite.recipes.python import Python
from jettison.rewrite.recipes.ruby import Ruby
from jettison.rewrite.recipes.rust import Rust
from jettison.rewrite.recipes.smaller_base import SmallerBase
from jettison.rewrite.recipes.static import Static

__all__ = ["RECIPES", "Candidate", "Project", "Recipe", "open_project"]

RECIPES: tuple[Recipe, ...] = (
    Node(),
    NextJs(),
    Go(),
    Rust(),
    Java(),
    DotNet(),
    Native(),
    Python(),
    Ruby(),
    Php(),
    Static(),
    SmallerBase(),
)
