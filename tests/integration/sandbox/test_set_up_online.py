"""A project is set up with a way to hosts that are allowed and to nothing else; later commands read what it left."""

import asyncio
import dataclasses
import os
import socket
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.sandbox import lasting
from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.leftovers import take_leftovers
from app.sandbox.online import Traffic, WayOut, way_out
from app.sandbox.removal import remove_tree


class Registry(BaseHTTPRequestHandler):
    """Says which request it was asked; `/large` is 8 MiB."""

    def do_GET(self) -> None:
        body = b"x" * 8 * 1024**2 if self.path == "/large" else f"{self.command} {self.path} told".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - by this name it is called

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def registry() -> Iterator[int]:
    """The port of a server on the host's loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """As a data folder has it: nobody else passes."""
    hidden = tmp_path / "data"
    hidden.mkdir(mode=0o700)
    folder = hidden / "prepared"
    folder.mkdir()
    return folder


@pytest.fixture
async def way(place: Path, registry: int) -> AsyncIterator[WayOut]:
    async with way_out([f"127.0.0.1:{registry}"], place) as way:
        yield way


@pytest.fixture
def limits() -> Limits:
    return Limits(wall_s=60.0, cpu_s=20, memory_bytes=512 * 1024**2, processes=60, disk_bytes=64 * 1024**2)


class Project:
    """A place and the box that prepares it, and uses it."""

    def __init__(self, box: Bubblewrap, place: Path, tree: Path, limits: Limits) -> None:
        self.box, self.place, self.tree, self.limits = box, place, tree, limits

    async def set_up(self, way: WayOut, script: str, **limits: float) -> Result:
        prepared = Prepared(self.place, way.socket)
        bounds = dataclasses.replace(self.limits, **limits)
        return await self.box.run(["sh", "-c", script], worktree=self.tree, limits=bounds, prepared=prepared)

    async def later(self, tree: Path, script: str, *, writable: bool = True) -> str:
        prepared = Prepared(self.place)
        argv = ["sh", "-c", script]
        told = await self.box.run(argv, worktree=tree, limits=self.limits, writable=writable, prepared=prepared)
        return told.output


@pytest.fixture
def project(box: Bubblewrap, place: Path, tree: Path, limits: Limits) -> Project:
    return Project(box, place, tree, limits)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The tree of a later run."""
    folder = tmp_path / "other"
    folder.mkdir()
    return folder


FETCH = """python3 - <<'END'
import http.client, os, urllib.parse
proxy = urllib.parse.urlsplit(os.environ["HTTPS_PROXY"])
asked = http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=20)
asked.set_tunnel("{host}", {port})
asked.request("GET", "{path}")
answer = asked.getresponse()
print(answer.status, len(answer.read()))
END
"""
MIRROR = """python3 - <<'END'
import urllib.request
asked = urllib.request.Request("http://{host}:{port}{path}", method="{method}")
told = urllib.request.urlopen(asked).read()
print(told if len(told) < 100 else len(told))
END
"""


async def test_an_allowed_host_is_reached_by_a_tunnel(project: Project, way: WayOut, registry: int) -> None:
    told = await project.set_up(way, FETCH.format(host="127.0.0.1", port=registry, path="/large"))
    assert told.output == f"200 {8 * 1024**2}\n"
    assert way.refused == set()


async def test_a_mirror_is_only_read(project: Project, place: Path, registry: int) -> None:
    async with way_out([f"http://localhost:{registry}"], place) as way:
        asked = {"host": "localhost", "port": registry}
        # Its own name would be taken for the sandbox's loopback.
        script = MIRROR.replace("import ", "import os; del os.environ['NO_PROXY'], os.environ['no_proxy']; import ")
        told = await project.set_up(way, script.format(**asked, path="/simple/", method="GET"))
        assert told.output == "b'GET /simple/ told'\n"
        large = await project.set_up(way, script.format(**asked, path="/large", method="GET"))
        assert large.output == f"{8 * 1024**2}\n"
        assert "403" in (await project.set_up(way, script.format(**asked, path="/", method="POST"))).output
        assert "403" in (await project.set_up(way, FETCH.format(**asked, path="/"))).output, "a tunnel could write"


async def test_a_mirror_is_asked_once_a_connection(place: Path) -> None:
    """What follows a request that only reads could be one that writes."""
    came: list[bytes] = []
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.write_eof()
        came.append(await reader.read())
        writer.close()
        over.set()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host = b"127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        async with way_out([f"http://{host.decode()}"], place) as way:
            sent = b"GET http://%b/a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nHost: %b\r\n\r\n" % (host, host)
            assert await ask(way, sent) == b"HTTP/1.1 200 OK\r\n\r\n"
        await over.wait()
    assert came == [b"GET /a HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % host, b""]


async def test_who_reads_slowly_gets_all_of_an_answer(place: Path) -> None:
    """At its end some is still on the way: in the kernel, or not even there."""
    gone = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int((await reader.readuntil(b"\r\n\r\n")).split()[1][1:])
        writer.write(b"x" * size)
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with way_out([f"http://{host}"], place) as way:
            for size in range(128 * 1024, 512 * 1024, 16 * 1024):
                reader, writer = await speak_to(way, limit=1024)
                writer.write(f"GET http://{host}/{size} HTTP/1.1\r\n\r\n".encode())
                await gone.wait()
                gone.clear()
                assert len(await reader.read()) == size
                writer.close()


async def test_what_is_not_allowed_is_refused_and_named(project: Project, place: Path, registry: int) -> None:
    async with way_out([f"127.0.0.1:{registry}"], place) as way:
        for host, port in (("example.org", 443), ("example.org", 443), ("127.0.0.1", registry + 1)):
            told = await project.set_up(way, FETCH.format(host=host, port=port, path="/"))
            assert "403" in told.output
            assert "is not allowed by QUORUM_SETUP_HOSTS" in told.output
        plain = await project.set_up(way, MIRROR.format(host="example.net", port=80, path="/", method="GET"))
        assert "403" in plain.output
        assert way.refused == {"example.org", f"127.0.0.1:{registry + 1}", "http://example.net"}


NO_OTHER_WAY = {
    "the host's loopback": "socket.create_connection(('127.0.0.1', {port}), 3)",
    "a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "a host without the proxy": "socket.create_connection(('192.0.2.1', 443), 3)",
    "a name": "socket.getaddrinfo('example.org', 443)",
}


@pytest.mark.parametrize("attempt", NO_OTHER_WAY.values(), ids=NO_OTHER_WAY)
async def test_there_is_no_other_way_out(project: Project, way: WayOut, registry: int, attempt: str) -> None:
    source = f"import socket\ntry:\n    {attempt.format(port=registry)}\nexcept OSError as error:\n    print('refused')"
    told = await project.set_up(way, f'python3 -c "{source}"')
    assert told.output == "refused\n"


async def test_without_set_up_there_is_no_way_out(project: Project, way: WayOut, other: Path) -> None:
    assert (await project.set_up(way, "env | grep -ci _proxy=")).output.strip() != "0"
    told = await project.later(other, "env | grep -ci _proxy=; ls /run /run/quorum; find / -type s 2>/dev/null")
    assert told.startswith("0\n")
    assert "way-out" not in told


async def test_the_exit_code_and_the_output_are_the_commands_own(project: Project, way: WayOut) -> None:
    told = await project.set_up(way, "echo told; echo of both >&2; exit 7")
    assert (told.output, told.exit_code, told.ended) == ("told\nof both\n", 7, "exit")
    assert (await project.set_up(way, "kill -9 $$")).exit_code == 137
    assert (await project.set_up(way, "cat")).output == "", "its input ends"
    # The connection that is still open when the command ends is no fault to tell of.
    source = "import os, socket, time; a = socket.create_connection(('127.0.0.1', int(os.environ['HTTP_PROXY'][17:])))"
    held = f"python3 -c \"{source}; print('held', flush=True); time.sleep(60)\""
    assert (await project.set_up(way, f"mkfifo told; ({held} > told &); head -1 told")).output == "held\n"


async def test_what_was_set_up_is_read_later_and_not_written(project: Project, way: WayOut, other: Path) -> None:
    script = """
        umask 077
        python3 -m venv --without-pip --system-site-packages ~/venv
        mkdir -p ~/.local/bin ~/.cache; touch ~/.cache/large
        printf '#!/bin/sh\\necho installed\\n' > ~/.local/bin/tool && chmod 4700 ~/.local/bin/tool
        echo kept > ~/.toolrc; ln -s .toolrc ~/alias; echo between > /tmp/between
    """
    assert (await project.set_up(way, script)).output == ""
    assert (await project.set_up(way, "cat /tmp/between; echo $VIRTUAL_ENV")).output == "between\n/home/agent/venv\n"
    for writable in (True, False):
        told = await project.later(other, "tool; cat ~/alias; which python3; echo $VIRTUAL_ENV", writable=writable)
        assert told == "installed\nkept\n/home/agent/venv/bin/python3\n/home/agent/venv\n"
    refused = "touch ~/venv/planted ~/.local/bin/planted; echo x > ~/.toolrc; rm ~/.toolrc; echo x > ~/alias"
    assert (await project.later(other, refused)).count("Read-only file system") == 4
    assert await project.later(other, "ls -d ~/.cache 2>/dev/null; touch ~/free && ls ~/free") == "/home/agent/free\n"
    assert (project.place / "home" / ".toolrc").read_text() == "kept\n"
    about = (project.place / "home" / ".local" / "bin" / "tool").stat()
    assert about.st_uid or not about.st_mode & (stat.S_ISUID | 0o022), "a program that was the user's is root's now"


async def test_links_that_were_left_lead_nowhere_on_the_host(
    project: Project, way: WayOut, other: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("the host's secret")
    left = f"ln -s {secret} ~/secret; ln -s {secret}/key ~/key; mkfifo ~/pipe; ln -s {secret} linked"
    assert (await project.set_up(way, left)).ok
    keep(project, "linked", told="linked\nlinked/key")
    told = await project.later(other, "cat ~/secret/key ~/key /work/linked/key; ls /work")
    assert "the host's secret" not in told
    assert told.count("No such file or directory") == 3


def keep(project: Project, *paths: str, told: str | None = None) -> None:
    """As the workflow does it once the commands have ended. `told`: what names them, if something else."""
    for path in paths:
        target = project.place / "tree" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (project.tree / path).rename(target)
    (project.place / "kept").write_text("\n".join(paths) if told is None else told)


async def test_programs_write_their_caches_beside_packages_and_nothing_of_it_stays(
    project: Project, way: WayOut, other: Path
) -> None:
    assert (await project.set_up(way, "mkdir -p a/node_modules/b a/node_modules/.vite; ln -s /tmp a/link")).ok
    (project.place / "tree").mkdir(exist_ok=True)
    kept = take_leftovers(project.tree, ["a/package.json"], project.place / "tree")
    (project.place / "kept").write_text("".join(f"{path}\n" for path in kept))
    (other / "a").mkdir()
    told = "cd a/node_modules && touch .vite/x .vite-temp/x .cache/x && ls .vite; touch b/x"
    for _ in range(2):
        assert "Read-only file system" in await project.later(other, told)
        assert (await project.later(other, told)).startswith("x\n")
    assert not list((project.place / "tree/a/node_modules/.vite").iterdir())


async def test_what_was_kept_of_the_tree_is_read_at_its_place(project: Project, way: WayOut, other: Path) -> None:
    made = "umask 077; mkdir -p node_modules/a packages/b/node_modules; echo 1 > node_modules/a/x; echo 2 > version.py"
    assert (await project.set_up(way, f"{made}; echo 3 > packages/b/node_modules/y")).ok
    keep(project, "node_modules", "packages/b/node_modules", "version.py")
    (other / "packages" / "b").mkdir(parents=True)
    for writable in (False, True):
        script = "cat node_modules/a/x version.py packages/b/node_modules/y; touch node_modules/z; echo x > version.py"
        told = await project.later(other, script, writable=writable)
        assert told.startswith("1\n2\n3\n")
        assert told.count("Read-only file system") == 2
    assert sorted(each.name for each in (project.place / "tree" / "node_modules").iterdir()) == ["a"]
    assert list((other / "node_modules").iterdir()) == []
    assert (other / "version.py").read_text() == ""


async def test_a_home_that_was_closed_or_is_gone_leaves_commands_without_it(
    project: Project, way: WayOut, other: Path
) -> None:
    assert (await project.set_up(way, "echo kept > ~/.toolrc; mkdir ~/venv kept; chmod 0 ~/.toolrc ~")).ok
    keep(project, "kept")
    assert await project.later(other, "ls -A ~; ls") == ".toolrc\nvenv\nkept\n"
    remove_tree(project.place)
    assert await project.later(other, "ls -A ~; ls; echo $VIRTUAL_ENV") == "kept\n\n", "an empty folder stays"


DEEP = """python3 - <<'END'
import os
for number in range(40):
    before = os.getcwd()
    name = "d" * 200
    if len(f"{before}/{name}") > {most}:
        break
    os.mkdir(name)
    os.chdir(name)
open("f" * 250, "w").close()
END
"""


async def test_names_beyond_the_reach_of_a_path_keep_no_later_command_from_starting(
    project: Project, way: WayOut, other: Path
) -> None:
    most = 4090 - len(f"{project.place}/home") + len("/home/agent")
    assert (await project.set_up(way, f"cd; {DEEP.replace('{most}', str(most))}")).ok
    assert await project.later(other, "echo it ran") == "it ran\n"


async def test_empty_files_without_number_end_a_command(project: Project, way: WayOut) -> None:
    """They take no block, and would fill up what a file system has for files, and whoever counts them."""
    filling = "cd; python3 -c 'for n in range(40000): open(str(n), \"w\").close()'; sleep 60"
    assert (await project.set_up(way, filling)).ended == "disk"


async def test_what_stands_in_a_work_tree_is_not_covered(
    project: Project, way: WayOut, other: Path, tmp_path: Path
) -> None:
    names = ("file", "folder", "link", "gone/inner", "aside/inner")
    assert (await project.set_up(way, f"mkdir -p {' '.join(names)}; touch file/kept folder/kept")).ok
    keep(project, *names)
    (other / "file").write_text("of the change\n")
    (other / "folder").mkdir()
    (other / "folder" / "own").write_text("of the change\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    outside.chmod(0o777)
    (other / "link").symlink_to(outside)
    (other / "aside").symlink_to(outside)
    told = await project.later(other, "cat file folder/own; ls -d gone")
    assert told.startswith("of the change\nof the change\n")
    assert "cannot access 'gone'" in told
    assert list(outside.iterdir()) == []


ODD = ["../outside", "/outside", "a/../../outside", "..", ".", "/", "", "a/./..", ".git", "a\0b", "x" * 5000]


async def test_names_that_lead_out_of_a_tree_do_nothing(
    project: Project, way: WayOut, other: Path, tmp_path: Path
) -> None:
    assert (await project.set_up(way, "mkdir fine .git; touch fine/kept")).ok
    keep(project, "fine", ".git", told="\n".join([*ODD, "fine/", "fine/kept", "fine"]))
    (project.place / "outside").mkdir()
    assert await project.later(other, "ls -A . fine") == ".:\nfine\n\nfine:\nkept\n"
    assert not (tmp_path / "outside").exists()


async def test_more_mounts_than_there_may_be_are_left_out(project: Project, way: WayOut, other: Path) -> None:
    assert (await project.set_up(way, "seq 2000 | (cd ~; xargs touch); seq 2000 | xargs mkdir")).ok
    keep(project, *map(str, range(1, 2001)))
    assert await project.later(other, "ls ~ | wc -l; ls /work | wc -l") == "256\n256\n"


async def test_a_lasting_command_has_what_was_set_up_and_no_way_out(
    project: Project, way: WayOut, other: Path, tmp_path: Path
) -> None:
    assert (await project.set_up(way, "mkdir -p ~/.local/bin; printf '#!/bin/sh\necho it ran' > ~/.local/bin/tool")).ok
    assert (await project.set_up(way, "chmod +x ~/.local/bin/tool")).ok
    left, prepared = tmp_path / lasting.FOLDER / "1", Prepared(project.place)
    await project.box.begin(left, ["tool"], worktree=other, limits=project.limits, prepared=prepared)

    async def nothing() -> None:
        return

    result = await lasting.wait(left, nothing)
    assert result is not None
    assert result.output == "it ran\n"
    online = Prepared(project.place, way.socket)
    with pytest.raises(ValueError, match="run it instead"):
        await project.box.begin(left, ["tool"], worktree=other, limits=project.limits, prepared=online)


@pytest.mark.parametrize("where", ["/home/agent", "/tmp", "/home/agent/.cache/deep"])
async def test_a_home_that_is_filled_up_ends_the_command(project: Project, way: WayOut, where: str) -> None:
    filling = f"mkdir -p {where}; for n in $(seq 24); do head -c 4M /dev/zero > {where}/$n; done; sleep 60"
    assert (await project.set_up(way, filling)).ended == "disk"


async def test_a_set_up_that_never_ends_is_ended(project: Project, way: WayOut) -> None:
    assert (await project.set_up(way, "sleep 600", wall_s=1.0)).ended == "timeout"
    assert (await project.set_up(way, "(setsid sleep 600 &) ; exit 0", wall_s=20.0)).ended in {"exit", "timeout"}


async def test_no_more_is_carried_than_may_be(project: Project, place: Path, registry: int) -> None:
    async with way_out([f"127.0.0.1:{registry}"], place, traffic=Traffic(bytes_in_all=1024**2)) as way:
        large, small = (FETCH.format(host="127.0.0.1", port=registry, path=each) for each in ("/large", "/"))
        assert "IncompleteRead" in (await project.set_up(way, large)).output
        assert way.spent
        assert "403 more than 1048576 bytes" in (await project.set_up(way, small)).output


async def speak_to(way: WayOut, **more: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """By way of its folder's descriptor, as a socket's path is cut off at 108 bytes: unix(7)."""
    around = os.open(way.socket.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        return await asyncio.open_unix_connection(f"/proc/self/fd/{around}/{way.socket.name}", **more)
    finally:
        os.close(around)


async def ask(way: WayOut, sent: bytes) -> bytes:
    reader, writer = await speak_to(way)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    return answer


async def test_requests_that_are_none_are_refused(way: WayOut) -> None:
    assert (await ask(way, b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403 ")
    assert (await ask(way, b"x" * 40_000)).startswith(b"HTTP/1.1 431 ")
    assert (await ask(way, b"CONNECT user@127.0.0.1:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403 ")


async def test_who_says_nothing_is_left_and_who_waits_gets_a_place(place: Path) -> None:
    """The second of two is attended to once the first was left."""
    async with way_out([], place, traffic=Traffic(head_s=0.2, connections=1)) as way:
        silent, _writer = await speak_to(way)
        assert (await ask(way, b"CONNECT a:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403 a is not allowed")
        assert await silent.read() == b""
        _writer.close()


async def test_a_host_that_is_not_there_is_told_of(place: Path, registry: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        port = taken.getsockname()[1]
        async with way_out([f"127.0.0.1:{port}"], place) as way:
            told = await ask(way, b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port)
    assert told.startswith(b"HTTP/1.1 502 ")
    assert list(place.iterdir()) == []  # noqa: ASYNC240


async def test_connections_end_with_the_way(place: Path, registry: int) -> None:
    async with way_out([f"127.0.0.1:{registry}"], place) as way:
        reader, writer = await speak_to(way)
        writer.write(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % registry)
        assert await reader.readline() == b"HTTP/1.1 200 Connection established\r\n"
    assert await reader.read() == b"\r\n"
    writer.close()


async def test_entries_that_cannot_be_read_are_refused(place: Path) -> None:
    with pytest.raises(ValueError, match=r"'https://example.org' is no host .* write it as HOST"):
        async with way_out(["https://example.org"], place):
            """Not come to."""
