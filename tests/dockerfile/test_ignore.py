"""``.dockerignore``, as Docker's reference and the pattern matcher of moby define it."""

from __future__ import annotations

import pytest

from jettison.dockerfile.ignore import read
from jettison.errors import InvalidInput


def ignored(text: str, *paths: str) -> set[str]:
    """Those of ``paths`` that are ignored."""
    ignore = read(text)
    return {path for path in paths if ignore.matches(path)}


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("file", "file", "other xfile filex dir/file"),
        ("dir", "dir dir/file dir/a/b", "dirx xdir other/dir"),
        ("dir/", "dir dir/file", "dirx"),
        ("/dir", "dir dir/file", "other/dir"),
        ("//dir//a/", "dir/a", "a dir"),
        ("./dir/../file", "file", "dir"),
        ("../file", "", "file dir/file"),
        ("/", "", "file"),
        (".", "", "file"),
        ("*", "file dir/file .hidden", ""),
        ("*.md", "README.md a.md/inside", "dir/README.md README.mdx"),
        ("*/*.md", "dir/a.md", "a.md dir/sub/a.md"),
        ("temp?", "tempa temp1/x", "temp temp/ tempab"),
        ("a?b", "axb", "a/b ab"),
        ("a*b", "ab axxb", "a/b"),
        ("**", "file dir/file", ""),
        ("**/file", "file dir/file a/b/file file/inside", "xfile dir/filex"),
        ("**/node_modules", "node_modules/x a/b/node_modules/c/d", "xnode_modules"),
        ("**/*.go", "a.go dir/a.go", "a.gox"),
        ("dir/**", "dir/a dir/a/b", "dir dirx/a"),
        ("dir/**/file", "dir/file dir/a/file dir/a/b/file", "dir/xfile file"),
        ("**/a/**/b", "a/b x/a/y/z/b", "ab a b"),
        ("**file", "file dir/file xfile dir/xfile", "filex"),
        ("**.log", "a.log dir/a.log .log", "a.logs"),
        ("a**", "a ab a/b", "b/a"),
        ("[ab].txt", "a.txt b.txt", "c.txt ab.txt"),
        ("[a-c].txt", "a.txt b.txt", "d.txt -.txt"),
        ("[^a-c].txt", "d.txt", "a.txt d/d.txt"),
        ("[a\\-c].txt", "a.txt -.txt", "b.txt"),
        ("[\\]].txt", "].txt", "\\.txt"),
        ("[[].txt", "[.txt", "a.txt"),
        ("[!a].txt", "!.txt a.txt", "b.txt"),
        ("a[^x]b", "ayb a/b", "axb"),
        ("\\*.md", "*.md", "a.md"),
        ("\\!file", "!file", "file"),
        ("\\#file", "#file", "file"),
        ("a.b+c(d)|e$", "a.b+c(d)|e$", "aXb+c(d)|e$"),
    ],
)
def test_one_pattern(pattern: str, matching: str, others: str) -> None:
    wanted = set(matching.split())
    assert ignored(pattern, *wanted, *others.split()) == wanted


@pytest.mark.parametrize(
    ("text", "matching", "others"),
    [
        ("*.md\n!README.md", "a.md", "README.md"),
        ("!README.md\n*.md", "README.md", ""),
        ("*.md\n!README*.md\nREADME-secret.md", "a.md README-secret.md", "README.md"),
        ("*.md\nREADME-secret.md\n!README*.md", "a.md", "README-secret.md README.md"),
        ("dir\n!dir/keep", "dir dir/a", "dir/keep dir/keep/all"),
        ("dir\n!dir/keep\ndir/keep/not", "dir/keep/not", "dir/keep dir/keep/all"),
        ("src/secret\n!src", "src/secret src/secret/key", "src src/a"),
        ("*/a\n!b\n!b/a", "c/a c/a/x", "b/a b/a/x"),
        ("*\n!src\n!src/", "file", "src src/a"),
        ("*\n!/src/**/*.py", "src src/a src/a/b.txt", "src/a.py src/x/y/b.py"),
        ("*\n! src", "file", "src"),
        ("**/*.pyc\n!**/keep.pyc", "a.pyc d/a.pyc", "d/keep.pyc keep.pyc"),
        ("# file\n  # other\nreal", "real", "file other"),
        ("\n\n  file  \n\t\nother\t", "file other", ""),
        ("file\r\nother\r\n", "file other", ""),
        ("\ufefffile", "file", ""),
        ("", "", "file"),
        ("a\x0bb", "a\x0bb", "a b"),
    ],
)
def test_several_lines(text: str, matching: str, others: str) -> None:
    wanted = set(matching.split(" ")) - {""}
    assert ignored(text, *wanted, *others.split()) == wanted


def test_white_space_within_a_pattern_counts() -> None:
    assert ignored("a b", "a b", "a", "b") == {"a b"}


def test_an_indented_comment_is_a_pattern() -> None:
    assert ignored("  # x", "# x", "x") == {"# x"}


@pytest.mark.parametrize("text", ["[", "a[", "[]", "[]a]", "[^]", "[a-]", "[-a]", "a\\", "!", "! ", "[z-a]"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read"):
        read(text)


@pytest.mark.parametrize(
    ("exception", "directory", "may"),
    [
        ("!a/b", "a", True),
        ("!a/b/c", "a/b", True),
        ("!a/b", "a/b", False),
        ("!a/b", "c", False),
        ("!a", "a/b", False),
        ("!*/keep", "a", True),
        ("!*/keep", "a/b", False),
        ("!a*/keep", "b", False),
        ("!**/keep", "a/b/c", True),
        ("!a/**", "b", False),
        ("!a/**", "a/b/c", True),
        ("![^x]b", "a", True),
        ("!\\*/b", "*", True),
        ("a/b", "a", False),
    ],
)
def test_what_may_be_excepted_below_a_directory(exception: str, directory: str, may: bool) -> None:
    assert read(exception).may_except_below(directory) is may
