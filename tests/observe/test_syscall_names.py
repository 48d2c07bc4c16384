"""The names of system calls, read from what strace writes."""

from __future__ import annotations

from jettison.observe.calls import Names


def names(text: str, *, outside: bool = False) -> list[str]:
    seen: dict[str, None] = {}
    reader = Names(seen, outside=outside)
    for line in text.splitlines():
        reader.feed(line)
    return list(seen)


def test_each_name_once_also_of_calls_in_two_lines() -> None:
    text = (
        '7 openat(AT_FDCWD, "/a", O_RDONLY) = 3\n'
        "7 read(3,  <unfinished ...>\n"
        "8 futex(0x7f, FUTEX_WAIT, 2, NULL <unfinished ...>\n"
        '7 <... read resumed>"", 10) = 0\n'
        "8 <... futex resumed>) = -1 EAGAIN (Resource temporarily unavailable)\n"
        "7 read(3, 0x7f, 10) = 0\n"
        "7 restart_syscall(<... resuming interrupted nanosleep ...>) = 0\n"
        "7 +++ exited with 0 +++\n"
        "7 --- SIGCHLD {si_signo=SIGCHLD} ---\n"
        "nonsense\n"
    )
    assert names(text) == ["openat", "read", "futex", "restart_syscall"]


def test_what_the_runtime_calls_before_it_is_in_the_container_does_not_count() -> None:
    text = (
        '5 execve("/usr/sbin/runc", ["runc", "exec"], 0x7f /* 9 vars */) = 0\n'
        "5 setns(3, CLONE_NEWNS) = 0\n"
        "5 clone(child_stack=0x7f, flags=CLONE_VM) = 6\n"
        "6 unshare(CLONE_NEWUSER) = 0\n"
        '6 execve("/proc/self/exe", ["runc", "init"], 0xc /* 9 vars */) = 0\n'
        '6 execveat(5, "", ["runc", "init"], 0xc /* 9 vars */, AT_EMPTY_PATH) = 0\n'
        "6 mount(NULL, NULL, NULL, 0, NULL) = 0\n"
        '6 execve("/bin/nonsense", ["ls"], 0xc /* 2 vars */) = -1 ENOENT (No such file or directory)\n'
        '6 execve("/bin/ls", ["ls"], 0xc /* 2 vars */ <unfinished ...>\n'
        "5 epoll_pwait(4, [], 128, 0, NULL, 0) = 0\n"
        "6 <... execve resumed>) = 0\n"
        "5 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 9\n"
        "9 kill(6, SIGTERM) = 0\n"
        "6 getdents64(3, 0x7f, 10) = 0\n"
        "2 getppid() = 1\n"
    )
    assert names(text, outside=True) == ["execve", "getdents64", "getppid"]
