"""What the application's own files name."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closure.closing import mentioned

CONVERT = "/usr/bin/convert"
TOOLS: dict[str, str | bytes] = {CONVERT: "file", "/usr/bin/clear": "file", "/bin/sh": "file", "/usr/bin/id": "file"}

RUNS = {
    "a.py": b'import subprocess\nsubprocess.run(["convert", "a.png", "b.png"])\n',
    "b.py": b"import os\nos.system('convert a b')\n",
    "c.py": b"import os\nprint(os.popen('convert a b').read())\n",
    "d.py": b'from subprocess import check_output\nARGS = ["convert"]\ncheck_output(ARGS)\n',
    "e.py": b"import asyncio\nasync def f():\n    await asyncio.create_subprocess_exec('convert', 'x')\n",
    "f.py": b"import shutil\nTOOL = shutil.which('convert')\n",
    "g.py": b'import subprocess\nsubprocess.Popen(\n    args=[\n        "convert",\n        "-resize"])\n',
    "a.js": b"const {spawn} = require('child_process')\nspawn('sh', ['-c', 'convert x'])\n",
    "b.js": b"import {execFile} from 'node:child_process'\nexecFile('convert', ['-version'])\n",
    "c.js": b"require('child_process').execSync(`convert ${a} ${b}`)\n",
    "a.rb": b"out = `convert a b`\n",
    "b.rb": b"out = %x(convert a b)\n",
    "c.rb": b"system 'convert', 'a', 'b'\n",
    "d.rb": b"require 'open3'\nOpen3.capture2e('convert', 'a')\n",
    "a.php": b'<?php shell_exec("convert a b");',
    "b.php": b"<?php $out = `convert a b`;",
    "c.php": b"<?php proc_open(['convert', 'a'], [], $pipes);",
    "a.pl": b'my $x = qx{convert a b};\nsystem("convert a");\n',
    "b.pl": b"my $x = qx(convert a b);\n",
    "c.pl": b"open(my $fh, '-|', 'convert', 'a') or die;\n",
    "a.sh": b"#!/bin/sh\nset -e\nif true; then convert a b | cat; fi\n",
    "A.java": b'new ProcessBuilder("convert", "a").start();\n',
    "a.go": b'exec.Command("convert", "a")\n',
    "nested.py": b"import os\nos.system('nice -n 5 timeout 3 convert a b')\n",
    "pipe.py": b"import subprocess\nsubprocess.run('cat a | convert - b', shell=True)\n",
    "path.py": b"import subprocess\nsubprocess.run(['/usr/bin/convert'])\n",
    "heredoc.pl": b"my $x = <<'END'; print `$x`;\nseq 3 |\n  convert - out.png\nEND\n",
    "heredoc.rb": b"system(<<~SH)\n  set -e\n  convert a b\nSH\n",
    "triple.py": b'import subprocess\nsubprocess.run("""\n    set -e\n    convert a b\n""", shell=True)\n',
    "Procfile": b"web: convert serve --port 80\n",
    "package.json": b'{"scripts": {"start": "convert a --b"}}\n',
}


@pytest.mark.parametrize("name", RUNS)
def test_a_command_that_a_source_runs_is_kept(name: str) -> None:
    image = {**TOOLS, "/usr/bin/nice": "file", "/usr/bin/timeout": "file", "/bin/cat": "file"}
    assert CONVERT in mentioned(RUNS[name], image, f"/app/{name}")


QUIET = {
    "docstring.py": b'import subprocess\ndef f():\n    """Images:\n\n    convert it, or\n    clear it.\n    """\n',
    "a.py": b'import subprocess\n\n\n' + b"x = 1\n" * 60 + b'label = "convert"\nthe_id = "id"\n',
    "a.js": b"const clear = () => element.innerHTML\nlabel.clear('id')\n",
    "a.json": b'{"id": 1, "clear": true}\n',
    "a.html": b"<p>Please convert your id. Don't clear it.</p>",
    "a.yaml": b"id: 3\nclear: yes\n",
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_a_word_that_is_also_a_command_is_not_one(name: str) -> None:
    assert mentioned(QUIET[name], TOOLS, f"/app/{name}") == set()


PATHS = {
    "quoted.py": b'open("/data/report.html")',
    "pattern.py": b'open("/data/%s.html" % name)',
    "f-string.py": b'open(f"/data/{name}.html")',
    "template.js": b"fs.readFile(`/data/${name}.html`)",
    "nginx.conf": b"http { root /data; error_page 404 /data/report.html; }",
    "settings.ini": b"[files]\npath=/data/report.html\n",
    "settings.toml": b'path = "/data/report.html"\n',
    "settings.yaml": b"path: /data/report.html\nother: [/data/report.html, x]\n",
    "settings.json": b'{"path": "\\/data\\/report.html"}',
    "settings.xml": b"<path>/data/report.html</path>",
    "url.py": b'base = "file:///data/report.html"',
    "env.sh": b"DATA=/data/report.html\n",
    "list.sh": b"export DIRS=/nowhere:/data/report.html\n",
    "constant.c": b"\x7fELF" + b"\0" * 60 + b"\0/data/report.html\0",
    "joined.py": b'os.path.join("/data", "report.html")',
    "spaces.py": b'open("/data/my report.html"); open("/data/report.html")',
}


@pytest.mark.parametrize("name", PATHS)
def test_a_path_that_a_file_names_is_kept(name: str) -> None:
    assert "/data/report.html" in mentioned(PATHS[name], {"/data/report.html": "file"}, f"/app/{name}")


def test_a_path_with_a_space_is_kept() -> None:
    assert mentioned(b'open("/data/my report.html")', {"/data/my report.html": "file"}) == {"/data/my report.html"}


def test_a_path_of_a_url_on_another_host_is_none() -> None:
    assert mentioned(b'get("https://example.com/etc/passwd")', {"/etc/passwd": "file"}) == set()


def test_a_relative_path_beside_the_file_or_above_it_is_kept() -> None:
    image: dict[str, str | bytes] = {"/app/views/a.html": "file", "/static/b.css": "file", "/static/c.css": "file"}
    assert mentioned(b'render("views/a.html"); link("../static/b.css")', image) == {
        "/app/views/a.html",
        "/static/b.css",
    }


def test_a_mentioned_directory_is_kept_with_what_is_in_it_but_a_shared_one_is_not() -> None:
    image: dict[str, str | bytes] = {"/data/a/b": "file", "/etc/passwd": "file", "/usr/share/x": "file"}
    assert mentioned(b"'/data/a' '/etc/' '/usr/share'", image) == {"/data/a/b"}


def test_a_mentioned_link_is_kept_with_where_it_leads() -> None:
    assert mentioned(b"'/data/now'", {"/data/now": "link -> v2", "/data/v2": "file"}) == {"/data/now", "/data/v2"}


def test_a_directory_that_is_too_large_is_kept_by_its_name_only() -> None:
    image: dict[str, str | bytes] = {f"/data/all/{number}": "file" for number in range(2100)}
    assert mentioned(b"'/data/all'", image) == set()


ZONES: dict[str, str | bytes] = {
    f"/usr/share/zoneinfo/{name}": "file" for name in ("Europe/Berlin", "America/New_York", "UTC", "zone.tab", "Iran")
}


@pytest.mark.parametrize(
    "text",
    [b'ZoneInfo("Europe/Berlin")', b"TZ=Europe/Berlin", b"TZ=:Europe/Berlin date", b"date.timezone = Europe/Berlin",
     b"\x7fELF" + b"\0" * 60 + b"%sEurope/BerlinEurope/Rome\xff Go buildinf:"],
)  # fmt: skip
def test_a_time_zone_is_kept_with_the_tables(text: bytes) -> None:
    found = mentioned(text, ZONES)
    assert found == {"/usr/share/zoneinfo/Europe/Berlin", "/usr/share/zoneinfo/zone.tab"}


def test_a_locale_is_kept_where_one_is_set() -> None:
    image: dict[str, str | bytes] = {
        "/usr/lib/locale/de_DE.utf8/LC_TIME": "file", "/usr/lib/locale/fr_FR.utf8/LC_TIME": "file",
        "/usr/share/locale/de/LC_MESSAGES/a.mo": "file", "/usr/lib/locale/locale-archive": "file",
    }  # fmt: skip
    found = mentioned(b'locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")', image)
    assert found == set(image) - {"/usr/lib/locale/fr_FR.utf8/LC_TIME"}
    assert mentioned(b'language = "de_DE"', image) == set()


def test_a_library_is_kept_by_its_name() -> None:
    image: dict[str, str | bytes] = {"/usr/lib/libfoo.so.1": "link -> libfoo.so.1.2", "/usr/lib/libfoo.so.1.2": "file",
                                     "/app/plugin.so": "file", "/usr/lib/libbar.so": "file"}  # fmt: skip
    assert mentioned(b'dlopen("libfoo.so.1"); dlopen("plugin.so")', image) == set(image) - {"/usr/lib/libbar.so"}


def test_paths_that_go_and_rust_pack_without_separators_are_told_apart() -> None:
    packed = b"\x7fELF" + b"\0" * 60 + b"invalid/data/report.htmltext/plain/data/b.txtlibfoo.so.1\0 Go buildinf:\xff"
    packed += b"\xff Go buildinf:"
    image: dict[str, str | bytes] = {"/data/report.html": "file", "/data/b.txt": "file", "/usr/bin/text": "file"}
    assert mentioned(packed, image, "/app/server") == {"/data/report.html", "/data/b.txt"}


@given(st.binary(max_size=400))
def test_no_content_raises(content: bytes) -> None:
    mentioned(content, {**TOOLS, **ZONES})


@pytest.mark.parametrize("unit", [b"a.", b"a/", b"/", b'\\"', b"`", b"'", b"a-", b"lib", b"US/", b"$(", b"exec "])
def test_hostile_repetitions_take_no_time(unit: bytes) -> None:
    start = time.process_time()
    mentioned(b"exec " + unit * (200_000 // len(unit)), {**TOOLS, **ZONES})
    assert time.process_time() - start < 10  # minutes, were it quadratic
