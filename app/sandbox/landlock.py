"""`python landlock.py RULE... -- COMMAND...`: start a program that the kernel lets reach the named places alone.

For the worker's git on work trees that a sandbox apart shares: who has broken out there can exchange a folder for a
link while git is at work. A rule is `r:PATH` or `w:PATH`; with a capital letter neither of the path's last two names
may be a link. The system's programs can always be read. Where the kernel has no Landlock (before 5.13, or switched
off) the program is started all the same. https://docs.kernel.org/userspace-api/landlock.html; the numbers are those of
linux/landlock.h, and the same on all architectures.
"""

import ctypes
import os
import stat
import struct
import sys

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_BENEATH, _VERSION = 1, 1
_NO_NEW_PRIVS = 38
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_HANDLED = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
"""What the versions know; all later ones what the third does."""
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/etc/ld.so.cache", "/etc/localtime")
_DEVICES = ("/dev/null", "/dev/urandom")
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_libc = ctypes.CDLL(None, use_errno=True)


def confine(rules: list[str]) -> None:
    """From now on this process, and what it starts, reaches nothing else. Raises `OSError` for what is not there."""
    version = _call(_CREATE, None, 0, _VERSION)
    if version < 1:
        return
    handled = _HANDLED.get(version, (1 << 15) - 1)
    ruleset = _must(_call(_CREATE, struct.pack("Q", handled), 8, 0))
    for path in (*_SYSTEM, *_DEVICES):
        if os.path.exists(path):  # noqa: PTH110 - nothing is imported that is not needed
            _allow(ruleset, os.open(path, os.O_PATH | os.O_CLOEXEC), handled if path in _DEVICES else _READ)
    for rule in rules:
        kind, _, path = rule.partition(":")
        try:
            descriptor = _walk(path) if kind.isupper() else os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError as error:
            raise OSError(f"{path} is no folder of ours: {error}") from error
        _allow(ruleset, descriptor, handled if kind in "wW" else _READ)
    _must(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    _must(_call(_RESTRICT, ruleset, 0))


def _walk(path: str) -> int:
    root, run, name = path.rsplit("/", 2)
    descriptor = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    for each in (run, name):
        descriptor = os.open(each, _FOLDER, dir_fd=descriptor)
    return descriptor


def _allow(ruleset: int, descriptor: int, access: int) -> None:
    is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
    rule = struct.pack("=Qi", access if is_folder else access & _OF_FILES, descriptor)
    _must(_call(_ADD, ruleset, _BENEATH, rule, 0))


def _call(number: int, *arguments: object) -> int:
    return int(_libc.syscall(ctypes.c_long(number), *arguments))


def _must(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


if __name__ == "__main__":
    _at = sys.argv.index("--")
    _name, *_arguments = sys.argv[_at + 1 :]
    # Found before, as looking for it reads Python's own files.
    _program = next(filter(os.path.isfile, (f"{folder}/{_name}" for folder in os.get_exec_path())), _name)
    try:
        confine(sys.argv[1:_at])
    except OSError as error:
        sys.exit(str(error))
    os.execv(_program, [_name, *_arguments])  # noqa: S606 - no shell is wanted
