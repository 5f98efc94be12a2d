"""Programs that try to get out. Each says WORKED or REFUSED with the reason, so that one that did not run fails too.

Those that are harmless outside run there first: a probe that works nowhere proves nothing.
"""

import errno
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyseccomp
import pytest

from app.sandbox.box import Limits
from app.sandbox.bubblewrap import Bubblewrap

PREAMBLE = """
import ctypes, errno, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(function, *arguments):
    ctypes.set_errno(0)
    if function(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")
def syscall(number, *arguments):
    call(libc.syscall, ctypes.c_long(number), *map(ctypes.c_long, arguments))
def probe():
"""
EPILOGUE = """
try:
    probe()
except OSError as error:
    print("REFUSED", errno.errorcode.get(error.errno, error.errno))
else:
    print("WORKED")
"""


@dataclass(frozen=True)
class Bait:
    """What a probe may try to reach on the host."""

    secret: Path
    folder: Path
    port: int
    datagrams: int
    abstract: str
    pid: int


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    folder = tmp_path / "host"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    secret = folder / "secret"
    secret.write_text("the host's secret")
    secret.chmod(0o666)
    abstract = f"quorum-probe-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
        subprocess.Popen(["sleep", "60"]) as sleeper,
    ):
        udp.bind(("127.0.0.1", 0))
        unix.bind("\0" + abstract)
        unix.listen()
        yield Bait(secret, folder, tcp.getsockname()[1], udp.getsockname()[1], abstract, sleeper.pid)
        assert sleeper.poll() is None, "a probe ended a process of the host"
        assert secret.read_text() == "the host's secret", "a probe changed a file of the host"
        sleeper.kill()


WORKS_OUTSIDE = {
    "connect to the host's loopback": "socket.create_connection(('127.0.0.1', {port}), 3)",
    "connect to an abstract socket of the host": "socket.socket(socket.AF_UNIX).connect('\\0{abstract}')",
    "read a file of the host": "open('{secret}').read()",
    "append to a file of the host": "open('{secret}', 'a')",
    "create a file on the host": "open('{folder}/planted', 'w').close(); os.unlink('{folder}/planted')",
    "read through dots": "open('../../../../../../../..{secret}').read()",
    "read through the magic root link": "open('/proc/self/root{secret}').read()",
    "read through a symbolic link": (
        "os.symlink('{secret}', 'link')\n    try:\n        open('link').read()\n    finally:\n        os.unlink('link')"
    ),
    "write through a symbolic link to a folder": (
        "os.symlink('{folder}', 'linked')\n    try:\n        open('linked/secret', 'a')\n"
        "    finally:\n        os.unlink('linked')"
    ),
    "signal a process of the host": "os.kill({pid}, 0)",
    "read a command line of the host": "open('/proc/{pid}/cmdline').read()",
    "trace": "call(libc.ptrace, 0, 0, 0, 0)",
    "list /sys": "os.listdir('/sys')",
    "list the parent's descriptors": "os.listdir(f'/proc/{pid}/fd')",
}
NEVER_TRIED_OUTSIDE = {
    "read the password hashes": "open('/etc/shadow').read()",
    "list root's home": "os.listdir('/root/.ssh')",
    "list other homes": "os.listdir('/var')",
    "list /run": "os.listdir('/run')",
    "write to /usr": "open('/usr/bin/planted', 'w')",
    "write to /etc": "open('/etc/planted', 'w')",
    "write the passwords": "open('/etc/passwd', 'a')",
    "write beside the work tree": "open('/planted', 'w')",
    "write to /dev": "open('/dev/planted', 'w')",
    "write a kernel setting": "open('/proc/sys/kernel/hostname', 'w').write('x')",
    "write the request key": "open('/proc/sysrq-trigger', 'w').write('h')",
    "read the kernel's memory": "open('/proc/kcore', 'rb').read(1)",
    "read the machine's memory": "open('/dev/mem', 'rb').read(1)",
    "make a device": "import stat; os.mknod('device', stat.S_IFCHR | 0o666, os.makedev(1, 3))",
    "become root": "os.setuid(0)",
    "change the root": "os.chroot('/work')",
    "mount": "call(libc.mount, b'none', b'/work', b'tmpfs', 0, None)",
    "unmount": "call(libc.umount2, b'/work', 2)",
    "make the system writable again": "call(libc.mount, None, b'/usr', None, 0x1000 | 0x20, None)",
    "make a user namespace": "call(libc.unshare, 0x10000000)",
    "make a mount namespace": "call(libc.unshare, 0x20000)",
    "enter a namespace": "call(libc.setns, os.open('/proc/self/ns/net', os.O_RDONLY), 0)",
    "name the machine": "socket.sethostname('x')",
    "open a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "open a packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)",
    "open a socket to the hypervisor": "socket.socket(40, socket.SOCK_STREAM)",
    "open a kernel crypto socket": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "reach an address outside": "socket.create_connection(('192.0.2.1', 80), 3)",
    "reach the metadata address": "socket.create_connection(('169.254.169.254', 80), 3)",
    "reach an address outside by IPv6": "socket.create_connection(('2001:db8::1', 80), 3)",
    "type into a terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
}
DENIED_CALLS = (
    *("keyctl", "add_key", "request_key", "bpf", "io_uring_setup", "perf_event_open", "userfaultfd", "kexec_load"),
    *("process_vm_readv", "process_vm_writev", "pivot_root", "move_mount", "fsopen", "open_tree", "init_module"),
    *("open_by_handle_at", "swapon", "reboot", "acct", "quotactl", "syslog"),
)


def source_of(code: str, bait: Bait) -> str:
    return f"{PREAMBLE}    {code.format(**vars(bait))}\n{EPILOGUE}"


def outside(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


async def inside(box: Bubblewrap, tree: Path, limits: Limits, source: str) -> str:
    result = await box.run(["python3", "-I", "-c", source], worktree=tree, limits=limits)
    assert result.ended == "exit", result
    return result.output.strip()


@pytest.mark.parametrize("name", WORKS_OUTSIDE)
async def test_what_works_outside_is_refused_inside(
    name: str, box: Bubblewrap, tree: Path, limits: Limits, bait: Bait
) -> None:
    source = source_of(WORKS_OUTSIDE[name], bait)
    assert outside([sys.executable, "-I", "-c", source], tree) == "WORKED"
    assert (await inside(box, tree, limits, source)).startswith("REFUSED E")


@pytest.mark.parametrize("name", NEVER_TRIED_OUTSIDE)
async def test_what_would_do_harm_outside_is_refused(
    name: str, box: Bubblewrap, tree: Path, limits: Limits, bait: Bait
) -> None:
    assert (await inside(box, tree, limits, source_of(NEVER_TRIED_OUTSIDE[name], bait))).startswith("REFUSED E")


@pytest.mark.parametrize("name", DENIED_CALLS)
async def test_a_dangerous_system_call_is_denied_by_the_filter(
    name: str, box: Bubblewrap, tree: Path, limits: Limits, bait: Bait
) -> None:
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    assert number >= 0
    answer = await inside(box, tree, limits, source_of(f"syscall({number}, 0, 0, 0, 0, 0, 0)", bait))
    assert answer == f"REFUSED {errno.errorcode[errno.EPERM]}"


async def test_datagrams_do_not_reach_the_host(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(60)
        address = listener.getsockname()
        source = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'probe', {address!r})"
        outside([sys.executable, "-I", "-c", source], tree)
        assert listener.recv(10) == b"probe"
        result = await box.run(["python3", "-I", "-c", source], worktree=tree, limits=limits)
        assert result.ok, result
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.recv(10)


async def test_the_loopback_within_works(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = (
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname())\nprint('WORKED')"
    )
    assert await inside(box, tree, limits, source) == "WORKED"


async def test_the_launchers_environment_is_seen_nowhere(
    box: Bubblewrap, tree: Path, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUORUM_CANARY", "canary-5310")
    source = (
        "import glob\nfor name in glob.glob('/proc/[0-9]*/environ'):\n"
        "    try:\n        print(open(name, 'rb').read())\n    except OSError as error:\n        print(error)"
    )
    assert "canary-5310" in outside(["env"], tree)
    seen = await inside(box, tree, limits, source)
    assert "HOME=/home/agent" in seen
    assert "canary-5310" not in seen


async def test_descriptors_of_the_launcher_are_not_inherited(
    box: Bubblewrap, tree: Path, limits: Limits, bait: Bait
) -> None:
    descriptor = os.open(bait.secret, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    try:
        source = "import os\nfor name in os.listdir('/proc/self/fd'):\n"
        source += "    print(name, os.path.realpath('/proc/self/fd/' + name))"
        seen = await inside(box, tree, limits, source)
    finally:
        os.close(descriptor)
    assert {line.split()[0] for line in seen.splitlines()} == {"0", "1", "2", "3"}
    assert "secret" not in seen


async def test_the_process_has_no_rights_and_cannot_gain_any(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    status = dict(
        line.split(":\t", 1)
        for line in (await inside(box, tree, limits, "print(open('/proc/self/status').read())")).splitlines()
        if ":\t" in line
    )
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == int(status["CapBnd"], 16) == 0
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert "0" not in status["Uid"].split()


async def test_only_the_sandboxs_own_processes_are_seen(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = "import os; print(sum(name.isdigit() for name in os.listdir('/proc')))"
    assert int(await inside(box, tree, limits, source)) <= 3


@pytest.mark.parametrize("name", ["LD_PRELOAD=x", "", "A-B", "1A", "A\0B"])
async def test_a_name_that_no_variable_may_have_is_refused(
    name: str, box: Bubblewrap, tree: Path, limits: Limits
) -> None:
    with pytest.raises(ValueError, match="environment variable"):
        await box.run(["true"], worktree=tree, limits=limits, env={name: "x"})


def test_this_machine_is_one_that_the_numbers_of_the_probes_are_right_for() -> None:
    assert platform.machine() in {"x86_64", "aarch64"}
