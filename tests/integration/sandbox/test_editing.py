"""The tool that edits files, in the real sandbox."""

from pathlib import Path
from typing import Any

import pytest

from app.agents.tools.files import edit_tool
from app.sandbox.bubblewrap import Bubblewrap

LINES = "eins\r\nzwei \u00e4\U0001f600\r\ndrei\0\r\n"


async def edit(box: Bubblewrap, tree: Path, path: str, old: str, new: str) -> Any:
    return await edit_tool(box, tree).run({"path": path, "old": old, "new": new})


async def test_a_text_is_replaced_to_the_byte(box: Bubblewrap, tree: Path) -> None:
    (tree / "a.txt").write_bytes(LINES.encode())
    told = await edit(box, tree, "a.txt", "zwei \u00e4\U0001f600\r\ndrei\0", "\u00fc\n\0")
    assert (told.text, told.is_error) == ("Edited a.txt.", False)
    assert (tree / "a.txt").read_bytes() == "eins\r\n\u00fc\n\0\r\n".encode()


async def test_a_file_is_made_with_its_folders_and_added_to(box: Bubblewrap, tree: Path) -> None:
    name = "\u00fcber/da \n/b.txt"
    assert (await edit(box, tree, name, "", LINES)).text == f"Created {name}."
    assert (await edit(box, tree, name, "", "vier")).text == f"Added to the end of {name}."
    assert (tree / name).read_bytes() == f"{LINES}vier".encode()


@pytest.mark.parametrize(
    ("path", "old", "why"),
    [
        ("a.txt", "one", "occurs 2 times in a.txt, not once. Include more"),
        ("a.txt", "three", "occurs 0 times in a.txt, not once. Read the file again"),
        ("b.txt", "one", "There is no file b.txt."),
        ("folder", "one", "There is no file folder."),
    ],
)
async def test_what_cannot_be_edited_is_told_and_left(
    path: str, old: str, why: str, box: Bubblewrap, tree: Path
) -> None:
    (tree / "folder").mkdir()
    (tree / "a.txt").write_text("one\ntwo\none\n")
    told = await edit(box, tree, path, old, "four")
    assert told.is_error
    assert why in told.text
    assert (tree / "a.txt").read_text() == "one\ntwo\none\n"
