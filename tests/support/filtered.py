"""`python filtered.py PROFILE PROGRAM`: become a container as far as its system calls go, then run a Python program.

The profile is Docker's format (https://docs.docker.com/engine/security/seccomp/), of it what ours uses.
"""

import errno
import json
import os
import sys
from pathlib import Path

import pyseccomp as seccomp

_OPERATORS = {"SCMP_CMP_EQ": seccomp.EQ}


def confine(profile: str) -> None:
    told = json.loads(Path(profile).read_text())
    assert told["defaultAction"] == "SCMP_ACT_ERRNO"
    program = seccomp.SyscallFilter(seccomp.ERRNO(told["defaultErrnoRet"]))
    for rule in told["syscalls"]:
        assert rule["action"] == "SCMP_ACT_ALLOW"
        tests = [seccomp.Arg(each["index"], _OPERATORS[each["op"]], each["value"]) for each in rule.get("args", ())]
        for name in rule["names"]:
            try:
                program.add_rule(seccomp.ALLOW, name, *tests)
            except OSError as error:
                # Another architecture's, or younger than this libseccomp: container engines skip it, too.
                if error.errno not in {errno.EINVAL, errno.EDOM, errno.EFAULT}:
                    raise
    program.load()


if __name__ == "__main__":
    confine(sys.argv[1])
    os.execv(sys.executable, [sys.executable, "-c", *sys.argv[2:]])  # noqa: S606 - no shell is wanted
