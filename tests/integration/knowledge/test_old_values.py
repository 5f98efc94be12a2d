"""What still relies on a value that was replaced: told by the real git."""

from app.agents.hunks import FileDiff
from app.knowledge.old_values import OldValue, find_old_values, render_old_values
from app.policy.effort import EFFORTS
from app.policy.replaced import Replaced
from app.workflows.behind import look_behind
from app.workflows.change import Change

OTHERS = {
    "docs/use.md": "Listens on 8080, or on 18080.\nAnd 8080a.\n",
    "client.py": "from settings import MAX_WAIT\nwait(MAX_WAIT)\n",
    "go.sum": "8080\n",
    "img.bin": b"8080\0\n",
}


async def test_uses_of_the_constant_and_places_of_the_old_value_are_told(mirror, commit):
    base = commit({"settings.py": "PORT = 8080\nMAX_WAIT = 30\n", **OTHERS})
    head = commit({"settings.py": "PORT = 9090\nMAX_WAIT = 60\n", **OTHERS})
    change = Change(head, base, "", ("settings.py",), (), ())
    behind = await look_behind(mirror, change, [FileDiff("settings.py", "", 4)], EFFORTS["medium"])
    assert behind.old_values == (
        "- settings.py:1: PORT was `8080` and is `9090`\n"
        "  `8080` still stands at\n"
        "    docs/use.md:1: Listens on 8080, or on 18080.\n"
        "- settings.py:2: MAX_WAIT was `30` and is `60`\n"
        "  it is used at\n"
        "    client.py:1: from settings import MAX_WAIT\n"
        "    client.py:2: wait(MAX_WAIT)\n"
        "  `30` was not looked for by itself"
    )


async def test_a_short_number_is_looked_for_beside_words_of_its_name(mirror, commit):
    text = "Kept for 30 days.\nA 30-day trial. 130 days. 30 daytime\nOne of 30.\n"
    head = commit({"keep.py": "KEEP_DAYS = 7\n", "mail.txt": text})
    told = render_old_values(await find_old_values(mirror, head, [Replaced("keep.py", 1, "30", "7", "KEEP_DAYS")]))
    assert told == (
        "- keep.py:1: KEEP_DAYS was `30` and is `7`\n"
        "  `30` still stands at\n"
        "    mail.txt:1: Kept for 30 days.\n"
        "    mail.txt:2: A 30-day trial. 130 days. 30 daytime\n"
        "  `30` was not looked for by itself"
    )


async def test_a_place_with_two_words_of_the_name_is_one_place(mirror, commit):
    head = commit({"a.txt": "5 retries, that is 5-retry and 5 wait\n"})
    (found,) = await find_old_values(mirror, head, [Replaced("a.py", 1, "5", "3", "WAIT_RETRIES")])
    assert [(each.path, each.line) for each in found.places] == [("a.txt", 1)]


async def test_what_is_everywhere_is_not_told_and_more_is_counted(mirror, commit):
    def text(word: str, lines: int) -> str:
        return "".join(f"{word} {number}\n" for number in range(lines))

    head = commit({"many.txt": text("legacy_mode", 31), "some.txt": text("strict_mode", 7)})
    values = [Replaced("a.py", 1, old, "other") for old in ("legacy_mode", "strict_mode", "--nowhere")]
    told = render_old_values(await find_old_values(mirror, head, values))
    assert told.count("some.txt:") == 5
    assert told.endswith("    and 2 times more")
    assert "legacy_mode" not in told


async def test_that_it_stands_in_the_line_that_replaces_it_is_no_news(mirror, commit):
    head = commit({"web.py": '"""The only way in. Or the second."""\n', "doc.md": "The only way in.\n"})
    (told,) = await find_old_values(mirror, head, [Replaced("web.py", 1, "The only way in.", "The only way in. Or")])
    assert [(each.path, each.line) for each in told.places] == [("doc.md", 1)]
    assert await find_old_values(mirror, head, [Replaced("web.py", 1, "Or the second.", "x")]) == ()


def test_a_value_is_shown_as_it_stands_in_the_source():
    told = render_old_values([OldValue(Replaced("lib.rs", 3, r"\xa1", r"'\xa1'"), (), ())])
    assert told.startswith(r"- lib.rs:3: a value was `\xa1` and is `'\xa1'`")
