"""`quorum setup` gone through with a browser: forms are found on the pages, and GitHub's pages are GitHub's."""

import json
import os
import socket
import stat
import tomllib
from types import SimpleNamespace

import httpx
import pytest
import yaml

from app.cli.setting_up import command
from app.cli.setting_up.manifest import Hook
from app.emulator import installing, manifests
from app.forge.registering import Registered
from app.policy.config import parse_policy
from app.settings import Settings
from app.sources.file import SettingsError
from tests.integration.cli.newcomer import GITHUB, ROOT, Newcomer

HOOK = {"way": "url", "url": "http://127.0.0.1:8471/webhooks"}


@pytest.fixture
async def mona(tmp_path, monkeypatch):
    monkeypatch.delenv("QUORUM_CONFIG")
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path / "quorum"))
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "GITHUB_TOKEN", "QUORUM_GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    newcomer = Newcomer(tmp_path)
    await newcomer.sign_in()
    return newcomer


async def test_from_nothing_to_a_pull_request_with_the_first_rules(mona):
    tally = await mona.repository("tally")
    await mona.write(tally, {"Makefile": "test:\n\tpython3 -m unittest\n", "README.md": "# Tally\n"})
    await mona.make_app(**HOOK)
    assert mona.browser.address == mona.site.home
    (app,) = mona.world.apps.values()
    told = tomllib.loads(mona.file)
    assert (told["app_id"], told["app_slug"], told["github_url"]) == (app.id, "tally-bot", GITHUB)
    settings = Settings()
    settings.require_credentials()
    assert settings.webhook_secret.get_secret_value() == app.hook_secret
    for file in (settings.private_key_file, mona.site.place.settings_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert app.hook_secret not in mona.browser.page
    await mona.install(tally)
    await mona.browser.open(mona.site.home)
    await mona.browser.submit("Open pull requests")
    assert "quorum setup protect mona/tally --ask" in mona.browser.page
    await mona.browser.follow("#1")
    assert mona.browser.address == f"{GITHUB}/mona/tally/pull/1"
    await mona.browser.submit("Merge pull request")
    await mona.browser.open(mona.site.home)
    assert "mona/tally: has its file" in mona.browser.page
    headers = {"authorization": f"Bearer {mona.token}", "accept": "application/vnd.github.raw"}
    place = f"{GITHUB}/api/v3/repos/mona/tally/contents/.github/quorum.yml"
    text = (await mona.client.get(place, headers=headers)).text
    assert parse_policy(text).test == yaml.safe_load(text)["test"] == "make test"


async def test_the_app_asks_for_what_app_yml_says(mona):
    await mona.make_app(**HOOK)
    (app,) = mona.world.apps.values()
    assert app.permissions["checks"] == "write"
    assert "workflow_run" in app.subscriptions
    assert (app.hook_url, app.hook_active, app.name) == (HOOK["url"], True, "tally-bot")


async def test_an_organizations_app_is_made_on_the_organizations_page(mona):
    mona.world.add_organization("acme", {"mona": "admin"})
    await mona.make_app(organization="acme", way="poll")
    (app,) = mona.world.apps.values()
    assert app.owner.login == "acme"
    assert app.hook_active is False
    assert Settings().poll_s == 60


async def test_a_relay_is_where_webhooks_go_and_where_they_are_fetched(mona):
    await mona.make_app(way="relay", url="https://smee.example/abc")
    (app,) = mona.world.apps.values()
    assert app.hook_url == Settings().relay_url.get_secret_value() == "https://smee.example/abc"


async def test_a_code_that_nobody_asked_for_is_not_exchanged(mona):
    """Else somebody's link would make this Quorum work for an App of theirs; a form of one's own may be open or not."""
    mallory = manifests.parse('{"url": "http://evil.example", "redirect_url": "http://evil.example"}')
    code = manifests.register(mona.world, mallory, "evil", mona.world.users["mona"])
    strange = [f"{ROOT}/created?{query}" for query in (f"code={code}&state=guessed", f"code={code}")]
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", name="tally-bot", way="poll")
    form = mona.browser.page
    for address in strange:
        await mona.browser.open(address)
        assert "belongs to no form of yours" in mona.browser.page
    mona.browser.page = form
    await mona.browser.submit("Create it on GitHub")
    await mona.browser.submit("Create GitHub App")
    settings = mona.file
    for address in strange:
        await mona.browser.open(address)
        assert "belongs to no form of yours" in mona.browser.page
    assert mona.file == settings
    assert Settings().app_slug == "tally-bot"
    assert code in mona.world.registrations


async def test_a_code_is_good_once(mona):
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", name="tally-bot", way="poll")
    state = mona.site.place._sent.read_text()
    await mona.browser.submit("Create it on GitHub")
    await mona.browser.submit("Create GitHub App")
    mona.site.place._sent.write_text(state)
    sent = mona.site.place._sent
    await mona.browser.open(f"{ROOT}/created?code=used&state={json.loads(state)['state']}")
    assert "GitHub gave no credentials" in mona.browser.page
    assert sent.is_file()


async def test_a_code_is_tried_again_when_github_did_not_answer(mona, monkeypatch):
    """The connection may have broken before GitHub heard of it."""
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", name="tally-bot", way="poll")
    await mona.browser.submit("Create it on GitHub")

    async def breaks(*_: object, **__: object) -> None:
        raise httpx.ConnectError("no route")

    with monkeypatch.context() as broken:
        broken.setattr(mona.client, "post", breaks)
        await mona.browser.submit("Create GitHub App")
        assert "Reload this page" in mona.browser.page
    await mona.browser.open(mona.browser.address)
    assert mona.browser.address == mona.site.home
    assert Settings().app_slug == "tally-bot"


async def test_an_installation_that_is_suspended_is_told_of(mona):
    tally = await mona.repository("tally")
    await mona.write(tally, {"README.md": "# Tally\n"})
    await mona.make_app(way="poll")
    await mona.install(tally)
    (installation,) = mona.world.installations.values()
    installing.suspend(mona.world, installation, mona.world.users["mona"])
    await mona.browser.open(mona.site.home)
    assert "It is suspended on mona" in mona.browser.page


async def test_another_process_goes_on_where_one_died(mona):
    """After the form was sent, and after the App was made."""
    tally = await mona.repository("tally")
    await mona.write(tally, {"README.md": "# Tally\n"})
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", name="tally-bot", way="poll")
    await mona.browser.submit("Create it on GitHub")
    mona.begin()
    await mona.browser.submit("Create GitHub App")
    assert mona.browser.status == 403  # the new process has another key, which its terminal shows
    await mona.browser.open(mona.site.address)
    assert mona.browser.address == mona.site.home
    assert Settings().app_slug == "tally-bot"
    await mona.install(tally)
    mona.begin()
    await mona.browser.open(mona.site.address)
    for _ in range(2):
        await mona.browser.open(mona.site.home)
        form = [each for each in mona.browser.forms if "Open pull requests" in each.button]
        if form:
            await mona.browser.submit("Open pull requests")
    assert len([each for each in tally.issues.values() if each["pull"]]) == 1


async def test_a_proposal_that_was_begun_is_ended(mona):
    """Whatever of branch, file and pull request is there already."""
    tally = await mona.repository("tally")
    await mona.write(tally, {"README.md": "# Tally\n"})
    await mona.make_app(way="poll")
    await mona.install(tally)
    headers = {"authorization": f"Bearer {mona.token}"}
    api = f"{GITHUB}/api/v3/repos/mona/tally"
    sha = (await mona.client.get(f"{api}/git/ref/heads/main", headers=headers)).json()["object"]["sha"]
    made = {"ref": "refs/heads/quorum/setup", "sha": sha}
    (await mona.client.post(f"{api}/git/refs", json=made, headers=headers)).raise_for_status()
    await mona.browser.open(mona.site.home)
    await mona.browser.submit("Open pull requests")
    assert [each["title"] for each in tally.issues.values()] == ["Let Quorum review pull requests"]


async def test_a_repository_without_a_commit_is_told_of(mona):
    empty = await mona.repository("empty")
    await mona.make_app(way="poll")
    await mona.install(empty)
    await mona.browser.open(mona.site.home)
    await mona.browser.submit("Open pull requests")
    assert "no pull request was opened" in mona.browser.page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "1 to 34 characters"),
        ({"name": "x" * 35}, "1 to 34 characters"),
        ({"name": "x", "way": "url", "url": "quorum.example"}, "write the whole address"),
        ({"name": "x", "way": "url", "url": "https://quorum.example"}, "/webhooks, where Quorum listens"),
        ({"name": "x", "way": "relay", "url": "https://smee.example/"}, "the channel of the relay"),
        ({"name": "x", "way": "nothing"}, "choose how events"),
    ],
)
async def test_a_form_that_cannot_be_used_is_answered_in_words(mona, fields, told):
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", **fields)
    assert told in mona.browser.page
    assert not mona.site.place._sent.exists()


async def test_who_has_no_key_sees_nothing(mona):
    stranger = mona.another_browser()
    for address in (ROOT, f"{ROOT}/?key=guess", f"{ROOT}/created?code=1&state=2", mona.site.home):
        await stranger.open(address)
        assert stranger.status == 403
        assert mona.site.door.path not in stranger.page
    await mona.browser.open(mona.site.address)
    for headers, status in (({"host": "evil.example:8472"}, 421), ({"origin": "https://evil.example"}, 403)):
        told = {"name": "x", "way": "poll"}
        answer = await mona.browser.client.post(f"{mona.site.home}app", headers=headers, data=told)
        assert answer.status_code == status
    back = await mona.browser.client.get(f"{ROOT}/created", headers={"origin": "null"})
    assert "belongs to no form of yours" in back.text  # whatever a browser says after a redirection
    assert not mona.site.place._sent.exists()


async def test_an_address_with_a_key_opens_one_browser(mona):
    """It stands on the command line of the browser that is started with it, where others can read it."""
    address = mona.site.address
    await mona.browser.open(address)
    stranger = mona.another_browser()
    await stranger.open(address)
    assert stranger.status == 403
    assert mona.site.address != address
    assert mona.site.address in mona.told[0]
    await stranger.open(mona.site.address)
    assert stranger.status == 200
    await mona.browser.open(mona.site.home)
    assert mona.browser.status == 200


async def test_the_cookie_goes_along_to_the_pages_and_to_no_other_port(mona):
    """Browsers keep cookies by host, not by port: somebody else's program may listen at another one."""
    await mona.browser.open(mona.site.address)
    for path in ("/", "/created", "/login"):
        request = mona.browser.client.build_request("GET", f"http://127.0.0.1:9999{path}")
        assert mona.site.door.cookie not in request.headers.get("cookie", "")


async def test_settings_that_became_wrong_are_told_of_and_nothing_is_lost(mona):
    """GitHub gives credentials once."""
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", name="tally-bot", way="poll")
    await mona.browser.submit("Create it on GitHub")
    file = mona.site.place.settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("concurrency = [\n")
    await mona.browser.submit("Create GitHub App")
    assert "cannot be written" in mona.browser.page
    file.write_text("concurrency = 3\n")
    await mona.browser.open(mona.site.home)
    (app,) = mona.world.apps.values()
    assert (Settings().app_id, Settings().webhook_secret.get_secret_value()) == (app.id, app.hook_secret)
    assert Settings().concurrency == 3
    assert not mona.site.place._sent.exists()
    file.write_text('concurrency = "many"\n')
    await mona.browser.open(mona.site.home)
    assert "concurrency" in mona.browser.page
    assert "line 1" in mona.browser.page


async def test_another_github_is_not_mixed_up_with_the_one_that_has_the_app(mona):
    await mona.make_app(way="poll")
    assert command.open_site(ROOT, f"{GITHUB}/", mona.client)
    with pytest.raises(SettingsError, match=f"have an App of {GITHUB}"):
        command.open_site(ROOT, "https://github.example.com", mona.client)


async def test_nobody_is_sent_to_github_whose_credentials_could_not_be_kept(mona, monkeypatch):
    monkeypatch.setattr("app.cli.setting_up.keeping.os", SimpleNamespace(**{**vars(os), "access": lambda *_: False}))
    await mona.browser.open(mona.site.address)
    await mona.browser.submit("Go on", name="tally-bot", way="poll")
    assert "cannot be written" in mona.browser.page
    assert not mona.site.place._sent.exists()


async def test_a_new_form_does_not_lose_what_was_given_for_the_one_before(mona):
    """Somebody died between the two writes, and another tab still has a form."""
    place = mona.site.place
    given = Registered.model_validate({"id": 7, "slug": "first", "pem": "its key", "webhook_secret": "its secret"})
    place.keep(place.remember(GITHUB, Hook("poll")), given)
    assert Settings().app_id == 0
    place.remember(GITHUB, Hook("poll"))
    assert (Settings().app_id, Settings().webhook_secret.get_secret_value()) == (7, "its secret")


async def test_the_key_of_another_githubs_app_stays(mona):
    """Each GitHub counts its Apps for itself."""
    await mona.make_app(way="poll")
    first = Settings().private_key_file
    sent = mona.site.place.remember("https://github.example.com", Hook("poll"))
    again = {"id": Settings().app_id, "slug": "other", "pem": "another key"}
    mona.site.place.keep(sent, Registered.model_validate(again))
    mona.site.place.finish()
    assert "RSA PRIVATE KEY" in first.read_text()
    assert Settings().private_key_file.read_text() == "another key"


async def test_what_people_wrote_into_the_file_stays(mona):
    mona.home.mkdir(parents=True, exist_ok=True)
    (mona.home / "quorum.toml").write_text("# mine\nconcurrency = 3  # few\n")
    mona.begin()
    await mona.make_app(way="poll")
    assert mona.file.startswith("# mine\nconcurrency = 3  # few\n")
    assert Settings().concurrency == 3


async def test_an_app_that_is_gone_can_be_made_again(mona):
    await mona.make_app(way="poll")
    mona.world.apps.clear()
    await mona.browser.open(mona.site.home)
    assert "cannot be used" in mona.browser.page
    await mona.make_app("other-bot", way="poll")
    assert Settings().app_slug == "other-bot"


async def test_variables_that_count_before_the_file_are_named(mona, monkeypatch):
    monkeypatch.setenv("QUORUM_APP_SLUG", "elsewhere")
    await mona.browser.open(mona.site.address)
    assert "QUORUM_APP_SLUG" in mona.browser.page


def test_what_cannot_be_served_is_said_before_a_page_is_shown(mona, monkeypatch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="take another one with --port"):
        command.run("", taken.getsockname()[1], browser=False)
    with pytest.raises(SettingsError, match="write the whole address"):
        command.open_site(ROOT, "github.example.com", mona.client)
    with pytest.raises(SettingsError, match="everybody on the way sees"):
        command.open_site(ROOT, "http://github.example.com", mona.client)
    monkeypatch.setenv("QUORUM_CONFIG", "")
    with pytest.raises(SettingsError, match="QUORUM_CONFIG is set to nothing"):
        command.open_site(ROOT, GITHUB, mona.client)
