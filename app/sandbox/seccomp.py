"""The system calls that nothing in the sandbox may make.

The list follows Flatpak's (common/flatpak-run.c) with io_uring, bpf and userfaultfd added. Sockets of the
usual families are left alone: the network namespace has no way out, and test suites need the loopback. Other families
are refused, as AF_VSOCK for one reaches a virtual machine's host from any namespace.
"""

import errno
import os
import tempfile
from functools import lru_cache

from app.sandbox.errors import SandboxUnavailableError

_DENIED = (
    "syslog",
    "acct",
    "quotactl",
    "uselib",
    "add_key",
    "keyctl",
    "request_key",
    "move_pages",
    "mbind",
    "get_mempolicy",
    "set_mempolicy",
    "migrate_pages",
    "unshare",
    "setns",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_tree",
    "move_mount",
    "mount_setattr",
    "perf_event_open",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "bpf",
    "userfaultfd",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "modify_ldt",
    "personality",
    "swapon",
    "swapoff",
    "reboot",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "name_to_handle_at",
    "open_by_handle_at",
)
_FAMILIES = {0, 1, 2, 10, 16}
"""Unspecified, Unix, IPv4, IPv6, netlink (name resolution asks it), from linux/socket.h."""
_CLONE_NEWUSER = 0x10000000  # linux/sched.h
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # asm-generic/ioctls.h


@lru_cache(maxsize=1)
def filter_program() -> bytes:
    """The filter as BPF. Raises `SandboxUnavailableError` where libseccomp is missing."""
    try:
        import pyseccomp as seccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise SandboxUnavailableError(
            "libseccomp was not found", "Install it: `apt-get install libseccomp2` or your system's like."
        ) from error
    program = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in _DENIED:
        _deny(program, seccomp.ERRNO(errno.EPERM), name)
    # glibc falls back to clone when it is told that clone3 is not there; clone3's flags cannot be seen by a filter.
    _deny(program, seccomp.ERRNO(errno.ENOSYS), "clone3")
    masked = seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_NEWUSER, _CLONE_NEWUSER)
    _deny(program, seccomp.ERRNO(errno.EPERM), "clone", masked)
    for request in (_TIOCSTI, _TIOCLINUX):
        _deny(program, seccomp.ERRNO(errno.EPERM), "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    for family in range(max(_FAMILIES) + 1):
        if family not in _FAMILIES:
            _deny(program, seccomp.ERRNO(errno.EAFNOSUPPORT), "socket", seccomp.Arg(0, seccomp.EQ, family))
    beyond = seccomp.Arg(0, seccomp.GT, max(_FAMILIES))
    _deny(program, seccomp.ERRNO(errno.EAFNOSUPPORT), "socket", beyond)
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
        file.seek(0)
        return file.read()


def filter_descriptor() -> int:
    """A descriptor that bubblewrap can read the filter from; the caller closes it."""
    descriptor = os.memfd_create("seccomp", 0)
    os.write(descriptor, filter_program())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _deny(program: "object", action: int, name: str, *args: object) -> None:
    try:
        program.add_rule(action, name, *args)  # type: ignore[attr-defined]
    except (ValueError, OSError) as error:
        # A call that this architecture or this libseccomp does not know cannot be made by name either.
        if getattr(error, "errno", errno.EINVAL) not in {errno.EINVAL, errno.EDOM, errno.EFAULT}:
            raise
