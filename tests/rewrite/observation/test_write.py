"""What is written, and what is refused, of trees in memory."""

from __future__ import annotations

import pytest

from jettison.attribution import Attribution, attribute
from jettison.closure.model import Evidence
from jettison.dockerfile import parse
from jettison.errors import Unsupported
from jettison.filetree import FileTree
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.packages import catalog
from jettison.plan import Plan, Policy
from jettison.rewrite.observation import Observed, write
from make import tree

TOOLS = {f"/bin/{name}": "file 0755" for name in ("sh", "tar", "find", "mkdir", "rm", "sed", "touch", "awk")}
LAYERS = (Layer(Descriptor.of("", b""), Digest.of(b"")),)
STATUS = b"Package: %s\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"


def observed(image: FileTree, kept: set[str], dockerfile: str = "FROM x\n", **container: object) -> Observed:
    config = ImageConfig(container=ContainerConfig(**container))  # type: ignore[arg-type]
    packages = catalog(image)
    plan = Plan(Policy.BALANCED, {path: (Evidence("elf", "/bin/tool"),) for path in sorted(image.subset(kept))})
    attribution = attribute(Image(config, LAYERS), image, packages)
    return write(parse(dockerfile), "x", config, image, plan, packages, attribution)


def test_without_a_shell_little_is_copied_and_much_is_refused() -> None:
    image = tree({"/app/run": b"", "/app/more": b"", "/etc/passwd": b"", "/lib": "link -> usr/lib"})
    found = observed(image, {"/app/run", "/etc/passwd"}, entrypoint=("/app/run",))
    assert found.text == (
        "FROM x AS build\n\nFROM scratch\nCOPY --from=build /app/run /app/\nCOPY --from=build /etc/passwd /etc/\n"
        'ENTRYPOINT ["/app/run"]\n'
    )
    with pytest.raises(Unsupported, match="there is no sh, no tar, no find, no mkdir, no rm in the original"):
        observed(image, {"/app/run", "/lib"})


def test_the_gathering_runs_as_root_in_a_plain_shell_and_under_a_free_name() -> None:
    image = tree({**TOOLS, "/app/a": b"", "/lib": "link -> a", "/kept": "dir", "/kept-2.tar": b""})
    found = observed(image, {"/app/a", "/lib"}, "FROM y AS kept\nFROM x\n", user="app", shell=("/bin/bash",))
    assert 'FROM build AS kept-2\nUSER 0\nSHELL ["/bin/sh", "-c"]\nRUN cd / && mkdir /kept-3 ' in found.text
    assert "COPY --from=kept-2 /kept-3/ /\n" in found.text
    assert found.text.endswith('SHELL ["/bin/bash"]\nUSER app\n')


def test_the_escape_of_the_dockerfile_is_used() -> None:
    image = tree({**TOOLS, "/app/a": b"", "/app/link": "link -> a"})
    found = observed(image, {"/app/link"}, "# escape=`\nFROM x\n", env=("A=a `b` \\ $c", "B="))
    assert "mkdir /kept && tar -cf /kept.tar `\n" in found.text
    assert found.text.endswith('ENV A="a ``b`` \\ `$c" `\n    B=""\n')
    assert parse(found.text).instructions[-1].keyword == "ENV"


def test_what_a_build_mounts_is_made_or_left_out() -> None:
    image = tree({**TOOLS, "/dev/null": "char", "/dev/shm": "dir 1777", "/proc": "dir 0555", "/etc/hosts": b"",
                  "/lib": "link -> usr/lib"})  # fmt: skip
    found = observed(image, {"/dev/null", "/dev/shm", "/proc", "/etc/hosts", "/lib"})
    assert found.notes == ("/dev/null: left out, for a build cannot see them, and every engine makes them",)
    assert (
        "mkdir -p \\\n        dev dev/shm etc proc \\\n    && chmod 555 proc \\\n    && chmod 1777 dev/shm\n"
        in found.text
    )
    assert "COPY --from=build /etc/hosts /etc/\n" in found.text
    assert "/dev/null" not in found.plan.keep
    assert {"/dev/shm", "/proc", "/etc/hosts"} <= set(found.plan.keep)


def test_the_working_directory_is_kept_as_it_is() -> None:
    image = tree({**TOOLS, "/app": "dir 0700 5:5", "/lib": "link -> usr/lib"})
    found = observed(image, {"/lib"}, working_dir="/app")
    assert "/app" in found.plan.keep
    assert found.text.endswith("WORKDIR /app\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"a", ""),
        (b"a/w;", "'a/w;' is no name of a package"),
        (b"lies", "they would name /var/run/x, which is not kept"),
    ],
)
def test_records_are_left_out_rather_than_untrue(name: bytes, reason: str) -> None:
    listed = b"/usr/a\n" + (b"/var/run/x\n" if name == b"lies" else b"")
    record = f"/var/lib/dpkg/info/{name.decode()}.list"
    image = tree({**TOOLS, "/usr/a": b"1", "/run/x": b"", "/var/run": "link -> /run", record: listed,
                  "/var/lib/dpkg/status": STATUS % name + STATUS % b"gone"})  # fmt: skip
    found = observed(image, {"/usr/a", "/var/run"})
    if not reason:
        assert found.notes == ()
        assert set(found.plan.rewritten) == {"/var/lib/dpkg/status", record}
        return
    assert found.notes == (f"package records are left out, so that scanners cannot tell what is there: {reason}",)
    assert found.plan.rewritten == {}
    assert found.notes[0] in found.plan.caveats
    assert "/var/lib/dpkg/status" not in found.plan.keep


def test_much_that_nothing_holds_together_is_refused() -> None:
    image = tree({**TOOLS, **{f"/etc/some-long-name-{n:04}-{m}": b"" for n in range(1500) for m in "ab"}})
    with pytest.raises(Unsupported, match="cannot write a readable Dockerfile by observation: it would have"):
        observed(image, {path for path in image if path.endswith("a")})


def test_comments_say_what_is_copied_and_for_what() -> None:
    image = tree({**TOOLS, "/usr/lib/libc.so.6": b"", "/usr/lib/libz.so.1": b"", "/usr/lib/libz.so.1.2": b"",
                  "/etc/passwd": b"", "/srv/site/index.html": b"", "/tmp": "dir 1777"})  # fmt: skip
    found = observed(image, {path for path in image if not path.startswith("/bin")})
    assert [line.strip() for line in found.text.splitlines() if "#" in line] == [
        "# What was seen to be used, gathered as it is in the original; all else is left behind.",
        "# the application",
        "# shared libraries for tool",
        "# settings: accounts, name look-up, certificates, time zones",
        "# directories and links that every system has",
        "# The directories themselves: owners, modes, times.",
    ]
    assert "usr/lib" in found.text


def test_libraries_are_named_by_what_only_they_begin_with() -> None:
    names = (
        "libc.so.6",
        "libdl.so.2",
        "libm.so.6",
        "libz.so.1",
        "libz.so.1.3",
        "libssl.so.3",
        "ld-2.so",
        "odd name.so.1",
    )
    others = ("libz.so", "libssl.so.1.1", *(f"libother{n}.so.1" for n in range(20)))
    place = "/usr/lib/x86_64-linux-gnu"
    image = tree({**TOOLS, **{f"{place}/{name}": b"" for name in (*names, *others)}, "/lib": "link -> usr/lib"})
    kept = {"/lib", *(f"{place}/{name}" for name in names)}
    text = observed(image, kept).text
    assert "RUN cd / && lib=usr/lib/x86_64-linux-gnu && mkdir /kept" in text
    assert "$lib/ld-2.so $lib/libc.so.6 $lib/libdl.so.2 $lib/libm.so.6 $lib/libssl.so.3 $lib/libz.so.*" in text
    assert f"'{place[1:]}/odd name.so.1'" in text
    few = observed(image, {"/lib", f"{place}/libc.so.6"}).text
    assert "    usr/lib/x86_64-linux-gnu/libc.so.6 " in few


def test_nothing_private_is_taken_along() -> None:
    many = {f"/opt/app/d{n}/file-{m}.txt": b"x" for n in range(60) for m in range(12)}
    image = tree({**TOOLS, **many, "/opt/app/d1/id_rsa": b"", "/opt/app/d2/.env": b"", "/opt/app/d3/su": "file 4755"})
    kept = {path for path in many if not path.endswith(("-3.txt", "-7.txt", "-11.txt"))}
    found = observed(image, kept)
    assert found.notes
    assert kept < set(found.plan.keep)
    assert not {"/opt/app/d1/id_rsa", "/opt/app/d2/.env", "/opt/app/d3/su"} & set(found.plan.keep)


def test_what_the_user_excluded_does_not_come_back() -> None:
    many = {f"/opt/app/d{n}/file-{m}.txt": b"x" for n in range(60) for m in range(12)}
    image = tree({**TOOLS, **many})
    kept = image.subset(path for path in many if not path.endswith(("-3.txt", "-7.txt", "-11.txt")))
    plan = Plan(Policy.BALANCED, dict.fromkeys(sorted(kept), ()), excluded=("/opt/app/*/file-7.txt",))
    found = write(None, "x", ImageConfig(), image, plan, (), Attribution(()))
    assert "/opt/app/d0/file-3.txt" in found.plan.keep
    assert not any(path.endswith("-7.txt") for path in found.plan.keep)


def test_a_label_with_a_line_break_is_left_out() -> None:
    found = observed(tree({"/a": b""}), {"/a"}, labels={"a": "1\n2", "b": "1"})
    assert found.text.endswith("COPY --from=build /a /\nLABEL b=1\n")
    assert found.notes == ("label a: left out, for no Dockerfile can say a line break",)


def test_attribution_may_be_empty() -> None:
    image = tree({"/a": b""})
    plan = Plan(Policy.TIGHT, {"/a": ()})
    found = write(None, "x", ImageConfig(), image, plan, (), Attribution(()))
    assert found.text == "FROM x AS build\n\nFROM scratch\nCOPY --from=build /a /\n"
