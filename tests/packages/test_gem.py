"""Ruby gems."""

from __future__ import annotations

import pytest

from jettison.packages.gem import Gems
from make import tree

HOME = "/usr/local/bundle"


@pytest.mark.parametrize(
    ("full", "name", "version"),
    [("rack-3.1.8", "rack", "3.1.8"), ("nokogiri-1.18.0-x86_64-linux-gnu", "nokogiri", "1.18.0"),
     ("net-http-0.6.0", "net-http", "0.6.0"), ("a-1.0.0.pre.2", "a", "1.0.0.pre.2")],
)  # fmt: skip
def test_the_names_of_gemspecs_are_taken_apart(full: str, name: str, version: str) -> None:
    (gem,) = Gems().catalog(tree({f"{HOME}/specifications/{full}.gemspec": b""}))
    assert (gem.name, gem.version) == (name, version)


def test_a_gem_has_its_directory_its_specification_and_what_was_compiled() -> None:
    image = {f"{HOME}/specifications/puma-6.5.0.gemspec": "file", f"{HOME}/gems/puma-6.5.0/lib/puma.rb": "file",
             f"{HOME}/extensions/x86_64-linux/3.3.0/puma-6.5.0/puma_http11.so": "file"}  # fmt: skip
    (gem,) = Gems().catalog(tree({**image, f"{HOME}/gems/puma-6.5.0.1/x.rb": "file"}))
    assert gem.files == set(image)
