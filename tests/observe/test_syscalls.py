"""What strace writes is read back as paths."""

from __future__ import annotations

from jettison.observe.model import Access
from jettison.observe.syscalls import Syscalls, unescape

START = '7 execve("/usr/bin/app", ["app"], 0x7ffc /* 3 vars */) = 0\n'


def read(text: str, cwd: str = "/srv") -> dict[Access | str, None]:
    seen: dict[Access | str, None] = {}
    calls = Syscalls(seen, cwd, lambda pid: None)
    for line in text.splitlines():
        calls.feed(line)
    return seen


def missing(text: str) -> list[str]:
    return [item for item in read(START + text) if isinstance(item, str)]


def test_what_was_opened_is_the_resolved_path() -> None:
    text = START + (
        '7 openat(AT_FDCWD</srv>, "/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = 3</usr/lib/libc.so.6>\n'
        '7 open("data", O_RDONLY) = 4</srv/data>\n'
        '7 newfstatat(3</usr/lib/libc.so.6>, "", {st_mode=S_IFREG|0644, ...}, AT_EMPTY_PATH) = 0\n'
        '7 access("/etc/flag", R_OK) = 0\n'
    )
    assert list(read(text)) == [
        Access("/usr/bin/app", "/usr/bin/app", True),
        Access("/usr/lib/libc.so.6", "/usr/bin/app"),
        Access("/srv/data", "/usr/bin/app"),
        Access("/etc/flag", "/usr/bin/app"),
    ]


def test_look_ups_in_vain_are_absolute() -> None:
    assert missing('7 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)\n') == [
        "/etc/ld.so.preload"
    ]
    assert missing('7 openat(AT_FDCWD</srv>, "a/./b", O_RDONLY) = -1 ENOENT (No such file or directory)') == [
        "/srv/a/b"
    ]
    assert missing('7 openat(5</usr/share>, "zoneinfo", O_RDONLY) = -1 ENOENT (No such)') == ["/usr/share/zoneinfo"]
    assert missing('7 stat("x", 0x7ffd) = -1 ENOENT (No such file or directory)') == ["/srv/x"]
    assert missing('7 stat("/a/../b", 0x7ffd) = -1 ENOTDIR (Not a directory)') == ["/a/../b"]
    assert missing('7 execve("/bin/sh", ["sh", "-c", "x"], 0x7f /* 1 var */) = -1 ENOENT (No such)') == ["/bin/sh"]
    assert missing('7 bind(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="/run/a.sock"}, 110) = -1 ENOENT (x)') == [
        "/run/a.sock"
    ]


def test_other_failures_are_none() -> None:
    assert missing('7 open("/etc/shadow", O_RDONLY) = -1 EACCES (Permission denied)') == []
    assert missing('7 symlink("target", "/no/such/link") = -1 ENOENT (No such file or directory)') == []
    assert missing("7 --- SIGCHLD {si_signo=SIGCHLD} ---\n7 +++ exited with 0 +++\nnonsense\n") == []


def test_a_call_in_two_lines() -> None:
    text = (
        '7 openat(AT_FDCWD</srv>, "/etc/late", O_RDONLY <unfinished ...>\n'
        '8 openat(AT_FDCWD</srv>, "/etc/other", O_RDONLY) = -1 ENOENT (No such file or directory)\n'
        "7 <... openat resumed>) = -1 ENOENT (No such file or directory)\n"
    )
    assert missing(text) == ["/etc/other", "/etc/late"]


def test_a_change_of_directory_is_followed_where_the_process_cannot_be_asked() -> None:
    text = START + '7 chdir("/usr") = 0\n7 open("nope", O_RDONLY) = -1 ENOENT (No such)\n'
    assert "/usr/nope" in read(text)


def test_what_the_runtime_does_before_the_program_starts_is_not_the_program_s() -> None:
    text = (
        '5 execve("/usr/sbin/runc", ["runc", "exec"], 0x7f /* 9 vars */) = 0\n'
        '5 openat(AT_FDCWD</>, "/run/runc/state.json", O_RDONLY) = -1 ENOENT (No such)\n'
        '6 execve("/proc/self/exe", ["/proc/self/exe", "init"], 0xc /* 9 vars */) = 0\n'
        '6 openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY) = 3</etc/passwd>\n'
        '6 execve("/bin/ls", ["ls"], 0xc /* 2 vars */) = 0\n'
        '5 openat(AT_FDCWD</>, "/run/runc/other", O_RDONLY) = -1 ENOENT (No such)\n'
        '6 openat(AT_FDCWD</>, "/opt", O_RDONLY|O_DIRECTORY) = 3</opt>\n'
    )
    assert list(read(text)) == [Access("/bin/ls", "/bin/ls", True), Access("/opt", "/bin/ls")]


def test_strings_are_those_of_c() -> None:
    assert unescape(r"caf\303\251 \"x\" \\ \t\x41") == 'café "x" \\ \tA'
    assert unescape(r"\377") == "\udcff"
