"""`quorum playground`: a GitHub on this machine, with a person and a repository, to try the set-up on."""

import asyncio
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.emulator.app import RunningEmulator

SCRIPT = Path(__file__).parent / "council.yml"
_PORT = 8470
_TOLD = """\
A GitHub to try things on is at {url}. Sign in there as `mona`, with the token {token}
Her repository is {url}/mona/sample:

  git clone {clone}

In another terminal, with the same environment activated, set Quorum up for it, with settings of its own:

  export QUORUM_DATA_DIR={home}
  quorum setup --github {url}

Without a model's key, replies can come from a script that approves whatever it is shown, and says so; it reviews pull
requests, and cannot work on issues:

  export QUORUM_MODEL=scripted:{script}

Ctrl-C ends it, and everything on it is gone then."""


def playground(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it is, on this machine only.")] = _PORT,
) -> None:
    """Serve a GitHub of your own, with pages, to try Quorum on without an account."""
    with tempfile.TemporaryDirectory(prefix="quorum-playground-") as folder, _open(Path(folder), port) as running:
        print(furnish(running, Path(folder) / "quorum"), flush=True)
        threading.Event().wait()


def _open(folder: Path, port: int) -> "RunningEmulator":
    from app.emulator.app import RunningEmulator

    try:
        return RunningEmulator(folder / "github", port)
    except OSError as error:
        raise OSError(f"port {port} cannot be listened on ({error.strerror}); take another one with --port") from error


def furnish(running: "RunningEmulator", home: Path) -> str:
    """A person and her repository; returns what to do with them. `home`: the data folder to be suggested."""
    from app.cli.demo import stage
    from app.emulator.app import add_repository

    world, url = running.world, running.world.base_url
    token = world.add_user("mona")
    asyncio.run(add_repository(world, world.users["mona"], "sample", {"mona": "admin"}))
    remote = f"{url}/mona/sample.git"
    with tempfile.TemporaryDirectory(prefix="quorum-playground-") as copy:
        sample = Path(copy) / "sample"  # without its policy, which set-up proposes
        shutil.copytree(Path(stage.__file__).parent / "sample", sample, ignore=shutil.ignore_patterns(".github"))
        stage.push_folder(sample, remote, token, "Begin")
    clone = stage.with_token(remote, token)
    return _TOLD.format(url=url, token=token, clone=clone, home=home, script=SCRIPT)
