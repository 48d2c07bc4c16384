"""Perl, Ruby and PHP."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from closure.closing import closed
from jettison.closure.scripting import used_by_perl
from make import tree


def test_perl_modules_are_found_with_their_native_half() -> None:
    base = "/usr/lib/x86_64-linux-gnu/perl/5.36"
    image = tree({"/app/a.pl": b"use strict;\nuse Time::HiRes qw(sleep);\nuse parent 'My::Base';\n",
                  f"{base}/Time/HiRes.pm": b"", f"{base}/auto/Time/HiRes/HiRes.so": b"", f"{base}/Other.pm": b"",
                  "/app/lib/My/Base.pm": b"", "/usr/share/perl/5.36/strict.pm": b""})  # fmt: skip
    assert f"{base}/Other.pm" not in (found := closed(image, "/app/a.pl"))
    assert found == {f"{base}/Time/HiRes.pm", f"{base}/auto/Time/HiRes/HiRes.so", "/app/lib/My/Base.pm",
                     "/usr/share/perl/5.36/strict.pm"}  # fmt: skip


def test_perl_modules_are_named_in_every_form() -> None:
    source = b"""use parent -norequire, qw(My::A
        My::B); sub f { require JSON::XS; 1 } eval { require Foo } or no warnings;
my $db = DBI->connect("dbi:SQLite:dbname=x"); use_module('Late::One');

=head1 SYNOPSIS

    use Never::One;

=cut

use 5.010; use Last;
__END__
    use Never::Two;
"""
    assert used_by_perl(source) == {
        "parent", "My/A", "My/B", "qw", "norequire", "JSON/XS", "Foo", "warnings", "DBD/SQLite", "Late/One", "Last",
    }  # fmt: skip


def test_ruby_files_are_found_beside_and_in_gems() -> None:
    image = tree({"/app/a.rb": b"require 'rack'\nrequire_relative 'lib/b'\nrequire 'set'\n", "/app/lib/b.rb": b"",
                  "/usr/local/bundle/gems/rack-3.1/lib/rack.rb": b"", "/usr/lib/ruby/3.1.0/set.rb": b""})  # fmt: skip
    assert len(closed(image, "/app/a.rb")) == 3


def test_ruby_files_below_the_name_of_their_gem_are_found() -> None:
    gems = "/usr/lib/ruby/gems/3.1.0/gems"
    places = {f"{gems}/rexml-3.2.5/lib/rexml/parsers/baseparser.rb",
              f"{gems}/concurrent-ruby-1.1.9/lib/concurrent-ruby/concurrent/map.rb"}  # fmt: skip
    source = b"require 'rexml/parsers/baseparser'\nrequire 'concurrent/map'\n"
    assert closed(tree({"/app/a.rb": source, **dict.fromkeys(places, b"")}), "/app/a.rb") == places


def test_php_includes_are_found() -> None:
    image = tree({"/app/a.php": b"<?php require __DIR__ . '/b.php'; include('c/d.php');", "/app/b.php": b"",
                  "/app/c/d.php": b""})  # fmt: skip
    assert closed(image, "/app/a.php") == {"/app/b.php", "/app/c/d.php"}


@given(st.binary(max_size=200), st.sampled_from(["a.pl", "a.rb", "a.php"]))
def test_no_source_raises(source: bytes, name: str) -> None:
    closed(tree({f"/{name}": source}), f"/{name}")
