"""Somebody who has a GitHub, a repository and a browser, and nothing of Quorum yet."""

from dataclasses import replace
from pathlib import Path

import httpx

from app.cli.setting_up.command import open_site
from app.cli.setting_up.site import Site, create_site
from app.emulator.app import add_repository, create_emulator
from app.emulator.state import Repository, World
from app.sources.file import settings_file
from tests.support.browser import Browser

ROOT, GITHUB = "http://127.0.0.1:8472", "http://127.0.0.1:7000"


class Newcomer:
    """Nothing of it goes over a socket. `browser` is a person's; `site` is what `quorum setup` serves."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "quorum"
        self.world = World(folder)
        self.world.base_url = GITHUB
        self.token = self.world.add_user("mona")
        self.github = create_emulator(self.world)
        wire = httpx.ASGITransport(self.github)
        self.client = httpx.AsyncClient(transport=wire)
        self.site = self.begin()
        self.browser = self.another_browser()

    def begin(self) -> Site:
        """`quorum setup --github URL`, as a new process."""
        self.told: list[str] = []
        self.site = replace(open_site(ROOT, GITHUB, self.client), tell=self.told.append)
        return self.site

    def another_browser(self) -> Browser:
        async def local(scope, receive, send):
            await create_site(self.site)(scope, receive, send)

        return Browser({ROOT: httpx.ASGITransport(local), GITHUB: httpx.ASGITransport(self.github)})

    async def repository(self, name: str) -> Repository:
        return await add_repository(self.world, self.world.users["mona"], name, {"mona": "admin"})

    async def write(self, repository: Repository, files: dict[str, str]) -> None:
        """Onto the default branch, by the API."""
        import base64

        for path, text in files.items():
            place = f"{GITHUB}/api/v3/repos/{repository.full_name}/contents/{path}"
            body = {"message": f"Write {path}", "content": base64.b64encode(text.encode()).decode()}
            headers = {"authorization": f"Bearer {self.token}"}
            (await self.client.put(place, json=body, headers=headers)).raise_for_status()

    async def sign_in(self) -> None:
        await self.browser.open(f"{GITHUB}/login")
        await self.browser.submit("Sign in", login="mona", token=self.token)

    async def make_app(self, name: str = "tally-bot", **fields: str) -> None:
        """Through the form here and the page there, until the browser is back."""
        await self.browser.open(self.site.address)
        await self.browser.submit("Go on", name=name, **fields)
        await self.browser.submit("Create it on GitHub")
        await self.browser.submit("Create GitHub App")

    async def install(self, *repositories: Repository) -> None:
        await self.browser.open(self.site.home)
        await self.browser.follow("Install it on GitHub")
        await self.browser.submit("Install", repository=[str(each.id) for each in repositories])

    @property
    def file(self) -> str:
        path = settings_file()
        return "" if path is None else path.read_text()
