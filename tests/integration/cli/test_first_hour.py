"""The first hour of a team: from no App at all to the first review of one's own pull request, and its merge.

The person has a browser, what `quorum setup` prints, and the pages of GitHub; nothing is known beforehand.
"""

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import app
from app.cli.demo.github import Person
from app.cli.playground import SCRIPT
from app.cli.setting_up.command import open_site
from app.cli.setting_up.site import create_site
from app.llm.scripted import Scripted
from app.settings import Settings
from tests.support.browser import Browser
from tests.support.house import House

ROOT = "http://127.0.0.1:8472"


class NewHouse(House):
    """A Quorum whose App was made on its own pages, which reviews by the playground's script."""

    def install(self, owner: Person) -> Settings:
        self.repository_of_mona = self.stage.new_repository(owner, "tally")
        owner.call("PUT", "/repos/mona/tally/contents/README.md", {"message": "Begin", "content": "VGFsbHkK"})
        self.run(self._set_up(owner))
        settings = Settings.load(["write_gap_s=0"])
        self.stage.app_id = settings.app_id
        self.model = Scripted.load(SCRIPT)  # type: ignore[assignment]
        return settings

    async def _set_up(self, owner: Person) -> None:
        github = httpx.ASGITransport(self.stage._emulator.asgi)
        async with httpx.AsyncClient(transport=github) as client:
            site = open_site(ROOT, self.stage.github_url, client)
            self.browser = Browser({ROOT: httpx.ASGITransport(create_site(site)), self.stage.github_url: github})
            await self.browser.open(f"{self.stage.github_url}/login")
            await self.browser.submit("Sign in", login="mona", token=owner.token)
            await self.browser.open(site.address)
            await self.browser.submit("Go on")
            await self.browser.submit("Create it on GitHub")
            await self.browser.submit("Create GitHub App")
            await self.browser.follow("Install it on GitHub")
            await self.browser.submit("Install", repository=str(self.repository_of_mona.id))
            await self.browser.open(site.home)
            await self.browser.submit("Open pull requests")
            await self.browser.follow("#1")
            await self.browser.submit("Merge pull request")


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.delenv("QUORUM_CONFIG")
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with NewHouse() as made:
        yield made


def test_from_nothing_to_the_first_review_and_its_merge(house: NewHouse):
    mona = house.person("mona")
    asked = {"GITHUB_TOKEN": mona.token, "QUORUM_GITHUB_TOKEN": None}
    result = CliRunner().invoke(app, ["setup", "protect", "mona/tally"], env=asked)
    assert result.exit_code == 0, result.output
    house.settle()

    place = "/repos/mona/tally"
    main = mona.call("GET", f"{place}/git/ref/heads/main")["object"]["sha"]
    mona.call("POST", f"{place}/git/refs", {"ref": "refs/heads/topic", "sha": main})
    mona.call("PUT", f"{place}/contents/tally.py", {"message": "Add", "content": "YSA9IDEK", "branch": "topic"})
    browser, github = house.browser, house.stage.github_url
    house.run(browser.open(f"{github}/mona/tally"))
    house.run(browser.submit("Create pull request", title="Add a number", head="topic"))
    address = browser.address
    house.run(browser.submit("Merge pull request"))
    assert "That was refused" in browser.page

    house.settle()
    house.run(browser.open(address))
    assert "quorum/gate</a>: success" in browser.page
    assert "quorum/security</a>: success" in browser.page
    house.run(browser.submit("Merge pull request"))
    assert "merged" in browser.page
    assert mona.call("GET", f"{place}/contents/tally.py")["name"] == "tally.py"
