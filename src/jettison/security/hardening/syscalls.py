"""System calls that a profile allows beside those that were seen (seccomp(2), syscalls(2))."""

from __future__ import annotations

from collections.abc import Iterable

#: What the container runtime's own first process calls between loading the profile and executing the program, and
#: within ``exec``: those of runc 1.1, which is written in Go, as strace shows them, and ``setres*id`` for crun, which
#: was not tried. Without these no container starts.
RUNTIME = frozenset({
    "brk", "capget", "capset", "chdir", "clone", "close", "close_range", "dup3", "epoll_create1", "epoll_ctl",
    "epoll_pwait", "eventfd2", "execve", "exit_group", "faccessat2", "fchdir", "fchown", "fcntl", "fstat", "fstatfs",
    "futex", "getcwd", "getdents64", "getegid", "geteuid", "getgid", "getpid", "getppid", "getrandom", "gettid",
    "getuid", "keyctl", "lseek", "madvise", "mmap", "mprotect", "munmap", "nanosleep", "newfstatat", "openat",
    "openat2", "pipe2", "prctl", "pread64", "prlimit64", "read", "readlinkat", "rseq", "rt_sigaction",
    "rt_sigprocmask", "sched_getaffinity", "sched_yield", "set_robust_list", "setgid", "setgroups", "setresgid",
    "setresuid", "setuid", "sigaltstack", "statfs", "tgkill", "umask", "uname", "write",
})  # fmt: skip
#: What ends a process or a signal's handler, and what the kernel or the C library calls by itself, at any time: the
#: clocks are read without a call only where the machine lets them.
ALWAYS = frozenset({
    "arch_prctl", "clock_gettime", "clock_gettime64", "exit", "exit_group", "get_thread_area", "gettimeofday",
    "restart_syscall", "rt_sigreturn", "set_thread_area", "set_tid_address", "sigreturn", "time",
})  # fmt: skip
#: Calls that do the same: which one is made depends on the C library, the kernel and the machine, not on the program.
SAME = tuple(frozenset(names.split()) for names in (
    "open openat", "creat open openat", "stat fstat lstat newfstatat statx stat64 fstat64 lstat64 fstatat64",
    "access faccessat faccessat2", "readlink readlinkat", "mkdir mkdirat", "rmdir unlinkat", "unlink unlinkat",
    "rename renameat renameat2", "link linkat", "symlink symlinkat", "mknod mknodat",
    "chmod fchmodat fchmodat2", "chown lchown fchownat chown32 lchown32", "fchown fchown32",
    "utime utimes futimesat utimensat utimensat_time64", "getdents getdents64", "lseek _llseek",
    "truncate truncate64", "ftruncate ftruncate64", "statfs statfs64", "fstatfs fstatfs64", "fcntl fcntl64",
    "pread64 preadv preadv2", "pwrite64 pwritev pwritev2", "sendfile sendfile64 splice copy_file_range",
    "mmap mmap2", "dup2 dup3", "pipe pipe2", "eventfd eventfd2", "signalfd signalfd4",
    "inotify_init inotify_init1", "epoll_create epoll_create1",
    "epoll_wait epoll_pwait epoll_pwait2", "poll ppoll ppoll_time64",
    "select _newselect pselect6 pselect6_time64", "accept accept4", "send sendto", "recv recvfrom",
    "recvmmsg recvmmsg_time64", "nanosleep clock_nanosleep clock_nanosleep_time64",
    "clock_getres clock_getres_time64", "futex futex_time64", "getrlimit ugetrlimit setrlimit prlimit64",
    "clone clone3 fork vfork", "waitpid wait4 waitid", "getuid getuid32", "getgid getgid32", "geteuid geteuid32",
    "getegid getegid32", "setuid setuid32", "setgid setgid32", "setgroups setgroups32", "getgroups getgroups32",
    "setresuid setresuid32", "setresgid setresgid32", "kill tgkill tkill",
))  # fmt: skip


def completed(seen: Iterable[str]) -> frozenset[str]:
    """``seen`` with what does the same as each of them, and with what every container needs."""
    asked = frozenset(seen) | RUNTIME | ALWAYS
    return asked.union(*(names for names in SAME if names & asked))
