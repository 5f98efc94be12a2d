"""Commands that stay: each is begun as its own process, looked at, and ended with Ctrl-C."""

import os
import re
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
from desk import Desk

from app.cli.demo.github import wait_until
from app.sandbox.apart.settings import keys_in
from tests.support.brokers import free_port, redis_server
from tests.support.forked import start_quorum
from tests.support.shell import Call
from tests.support.written import ROOT

_PATIENCE_S = 180.0
_CTRL_C = 130


def stays(call: Call) -> bool:
    first = call.words[0]
    if first == "demo":
        return "--repo" in call.words
    return first in {"serve", "worker", "playground", "sandbox"} or (first == "setup" and "protect" not in call.words)


def watch(desk: Desk, call: Call) -> None:
    """Until it does what it is there for. Once for all places that say the same."""
    if call.words in desk.watched:
        return
    place = Path(tempfile.mkdtemp(prefix="server-", dir=desk.place))
    (place / "data").mkdir()
    own = {"setup": _shows_its_pages, "playground": _plays_github, "demo": _plays_a_story}
    own["sandbox"] = _runs_commands
    own.get(call.words[0], _works)(desk, call, place)
    desk.watched.add(call.words)


def _works(desk: Desk, call: Call, place: Path) -> None:
    """It says that it is ready. Its App is installed nowhere, so that it leaves the house alone."""
    house, port = desk.house, free_port()
    app = house.stage.world.add_app(f"quiet-{port}", house.app.public_key, {}, frozenset(), ("http://127.0.0.1:9", ""))
    told = {"QUORUM_APP_ID": str(app.id), "QUORUM_APP_CLIENT_ID": "", "QUORUM_APP_SLUG": app.slug}
    told |= {"QUORUM_DATA_DIR": str(place / "data"), "QUORUM_CONFIG": ""}
    told["QUORUM_PORT" if call.words[0] == "serve" else "QUORUM_HEALTH_PORT"] = str(port)
    with nullcontext("") if call.words == ("serve",) else redis_server() as broker:
        told |= {"QUORUM_BROKER_URL": broker} if broker else {}
        env = {name: value for name, value in {**desk.values, **call.exported, **told}.items() if value is not None}
        with begun(call, place, env) as process:
            process.until("readiness", f"http://127.0.0.1:{port}/readyz")


def _shows_its_pages(desk: Desk, call: Call, place: Path) -> None:
    """At an address that it prints, and opens unless it is told not to."""
    opened = place / "opened"
    browser = place / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    env = {**call.exported, "QUORUM_DATA_DIR": str(place / "data"), "BROWSER": str(browser)}
    with begun(call, place, env, "--port", "0") as process:
        address = process.printed(r"Set up Quorum at (\S+)")
        process.until("the first page", address)
        process.printed(r"Ctrl-C ends this")
        wanted = "" if "--no-browser" in call.words else address
        shown = opened.read_text().strip() if opened.exists() else ""
        assert shown == wanted, f"{call} opened {shown!r} in a browser, not {wanted!r}"


def _plays_github(desk: Desk, call: Call, place: Path) -> None:
    """And prints lines that are like those of the page, which are typed in their own place."""
    page = (ROOT / "docs/tutorial.md").read_text()
    with begun(call, place, {**call.exported}, "--port", "0") as process:
        url = process.printed(r"A GitHub to try things on is at (\S+)\. ")
        process.until("its pages", f"{url}/login")
        process.printed(r"Ctrl-C ends it")
        lines = re.findall(r"(?m)^  (.+)$", process.told())
    for line in lines:
        like = re.sub(r"(?<==)/\S+", "/tmp/quorum-playground-x/quorum", line.replace(url, "http://127.0.0.1:8470"))
        like = re.sub(r"(?<=scripted:)\S+", "/path/that/it/printed/council.yml", like)
        like = re.sub(r"//x-access-token:[^@]+@[\d.:]+/", "//x-access-token:TOKEN@127.0.0.1:8470/", like)
        assert like in page, f"`quorum playground` prints `{line}`, docs/tutorial.md has no `{like}`"
    assert len(lines) == 4, lines


def _plays_a_story(desk: Desk, call: Call, place: Path) -> None:
    """With somebody's repository, issue and tests, to an early end: the model of the desk gives up. Then it waits."""
    env = {**call.exported, "QUORUM_DATA_DIR": str(place / "data")}
    with begun(call, place, env, "--serve", code=1) as process:
        process.printed(r"Everything stays up until Ctrl-C")
        token, address = re.findall(r"curl -H 'Authorization: (.+)' (\S+/comments)", process.told())[0]
        comments = httpx.get(address, headers={"authorization": token}, trust_env=False).json()
        assert ["needs a person" in each["body"] for each in comments] == [True], process.told()
        process.printed(r"What it took")


def _runs_commands(desk: Desk, call: Call, place: Path) -> None:
    """Once it has shown that isolation holds. It would not begin beside a key."""
    keys = dict.fromkeys(keys_in(os.environ, place / "none"), "")
    env = {"QUORUM_DATA_DIR": str(place / "data"), "QUORUM_SANDBOX_SOCKET": str(place / "s"), **keys, **call.exported}
    with begun(call, place, env) as process:
        process.printed(r"isolation holds")
        process.printed(r"the sandbox listens")


class Begun:
    def __init__(self, process: ForkServerProcess, log: Path) -> None:
        self._process, self.log = process, log

    def until(self, what: str, address: str) -> None:
        with httpx.Client(trust_env=False, follow_redirects=True) as client:

            def answers() -> bool:
                try:
                    return client.get(address).is_success
                except httpx.TransportError:
                    return False

            wait_until(what, answers, timeout_s=_PATIENCE_S, alive=self.alive)

    def printed(self, pattern: str) -> str:
        def look() -> "re.Match[str] | None":
            return re.search(pattern, self.told())

        found: re.Match[str] = wait_until(pattern, look, timeout_s=_PATIENCE_S, alive=self.alive)
        return found[found.lastindex or 0]

    def told(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def alive(self) -> None:
        assert self._process.is_alive(), self.told()


@contextmanager
def begun(call: Call, place: Path, env: Mapping[str, str], *more: str, code: int = 0) -> Iterator[Begun]:
    """A process of its own that ends well when it is interrupted."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUORUM_", "GITHUB_TOKEN"))}
    told = {**kept, "PYTHONPATH": str(ROOT), **env}
    process = start_quorum([*call.words, *more], told, call.folder, place / "log")
    running = Begun(process, place / "log")
    try:
        yield running
        os.kill(process.pid or 0, signal.SIGINT)
        process.join(_PATIENCE_S)
        assert process.exitcode in {code, _CTRL_C}, f"{call} ended with {process.exitcode}: {running.told()}"
        assert "Traceback" not in running.told(), running.told()
    finally:
        process.kill()
        process.join()
