"""`quorum setup`: serve the pages until somebody presses Ctrl-C."""

import asyncio
import os
import socket
import webbrowser

import httpx
import uvicorn

from app.cli.setting_up.keeping import Place
from app.cli.setting_up.site import Site, create_site
from app.settings import Settings
from app.sources.addresses import parse_root
from app.sources.file import VARIABLE, SettingsError, settings_file, usual_file


def run(github: str, port: int, *, browser: bool) -> None:
    """Raises `OSError` for a port that is taken, `SettingsError` for settings that cannot be written to."""
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise OSError(f"port {port} cannot be listened on ({error.strerror}); take another one with --port") from error
    with listening:
        asyncio.run(_serve(github, listening, browser=browser))


async def _serve(github: str, listening: socket.socket, *, browser: bool) -> None:
    port = listening.getsockname()[1]
    root = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:
        site = open_site(root, github, client)
        print(f"Set up Quorum at {site.address}")
        if not browser or not await asyncio.to_thread(webbrowser.open, site.address):
            there = f"ssh -L {port}:127.0.0.1:{port} THIS-MACHINE"
            print(f"Open it in a browser. From another machine: {there}, and the same address there.")
        print("Ctrl-C ends this; what was done stays, and it goes on from there the next time.", flush=True)
        config = uvicorn.Config(create_site(site), log_level="warning", access_log=False)
        await uvicorn.Server(config).serve(sockets=[listening])


def open_site(root: str, github: str, client: httpx.AsyncClient) -> Site:
    """`github`: as an option has it; empty: as the settings have it. Raises `SettingsError`."""
    try:
        words = [f"github_url={parse_root(github, private=True)}"] if github else []
    except ValueError as error:
        raise SettingsError(f"--github {github}: {error}") from error
    settings, held = Settings.load(words), Settings.load()
    if held.app_id and held.github_url != settings.github_url:
        told = (
            f"the settings have an App of {held.github_url}; set QUORUM_DATA_DIR to another folder for another GitHub"
        )
        raise SettingsError(f"--github {github}: {told}")
    file = settings_file() or usual_file()
    if os.environ.get(VARIABLE) == "":
        raise SettingsError(f"{VARIABLE} is set to nothing, so that no file of settings is read; unset it")

    def load() -> Settings:
        """An option counts until there is an App, which knows where it belongs."""
        now = Settings.load()
        return now if now.app_id else Settings.load(words)

    return Site(root, Place(settings.data_dir, file), client, load)
