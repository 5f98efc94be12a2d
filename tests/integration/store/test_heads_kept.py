"""Who pushed a head: what an event tells is believed, whatever was guessed before it came. On both databases."""

from app.policy.values import Sha
from app.store import looks
from app.store.work import work

HEAD = Sha("a" * 40)


async def pushers(database, *told: tuple[str, bool]) -> str | None:
    async with work(database) as db:
        for login, guessed in told:
            await looks.keep_head(db, 11, 2, HEAD, pushed_by=login, guessed=guessed)
        (head,) = await looks.heads_of(db, 11, 2)
    return head.pushed_by


async def test_an_event_takes_the_place_of_a_guess(database):
    assert await pushers(database, ("ada bob", True), ("will", False)) == "will"


async def test_a_guess_never_takes_the_place_of_an_event(database):
    assert await pushers(database, ("will", False), ("ada bob", True)) == "will"


async def test_whoever_else_is_told_to_have_pushed_it_is_one_more(database):
    assert await pushers(database, ("will", False), ("wes", False)) == "will wes"


async def test_a_guess_is_read_as_logins(database):
    assert await pushers(database, ("ada bob", True)) == "ada bob"
