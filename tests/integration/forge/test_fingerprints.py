"""A diff's fingerprint: the same on another base, another for any other change."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forge.git import fingerprint
from app.gitcmd import git

LINES = st.lists(
    st.sampled_from(["a", "b", "", " x", "x ", "@@ -1 +1 @@", "index 1..2", "diff --git a/x b/x"]), max_size=6
)
PAD = [f"unchanged {number}" for number in range(4)]
CHANGED = {"kept.txt": b"kept\n", "f.txt": b"1\n2\n3\nfour\n5\n6\n7\n", "data.bin": b"\0one", "sub": "1" * 40}


a_few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""git is started for each tree, which takes its time."""


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    return tmp_path_factory.mktemp("mirror")


async def tree(mirror, files, modes=None):
    """A tree of files; text for a submodule's commit."""
    if not (mirror / "HEAD").exists():
        await git("init", "--quiet", "--bare", str(mirror))
    entries = []
    for path, held in files.items():
        if isinstance(held, str):
            entries.append(f"160000 commit {held}\t{path}")
            continue
        blob = await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=held)
        entries.append(f"{(modes or {}).get(path, '100644')} blob {blob.decode().strip()}\t{path}")
    listed = "".join(f"{entry}\0" for entry in entries).encode()
    return (await git("mktree", "-z", "--missing", git_dir=mirror, stdin=listed)).decode().strip()


def text(*parts):
    return "".join(f"{line}\n" for part in parts for line in part).encode()


@a_few
@given(before=LINES, after=LINES, above=LINES, other=LINES)
async def test_the_same_change_on_another_base_is_the_same(mirror, before, after, above, other):
    """The base got lines further up in the file, and another file."""
    ends = ["last 1", "last 2", "last 3", "last 4"]

    def files(lines, moved):
        first = above if moved else []
        more = {"other.txt": text(other)} if moved else {}
        return {"f.txt": text(first, PAD, lines, ends), "bin": b"\0" + text(lines), **more}

    prints = [
        await fingerprint(mirror, await tree(mirror, files(before, moved)), await tree(mirror, files(after, moved)))
        for moved in (False, True)
    ]
    assert prints[0] == prints[1]


@a_few
@given(one=LINES, two=LINES)
async def test_two_changes_of_a_file_are_alike_only_when_they_leave_it_alike(mirror, one, two):
    base = await tree(mirror, {"f.txt": text(PAD, ["old"])})
    heads = [await tree(mirror, {"f.txt": text(PAD, lines, ["new"])}) for lines in (one, two)]
    prints = [await fingerprint(mirror, base, head) for head in heads]
    assert (prints[0] == prints[1]) == (heads[0] == heads[1])


@pytest.mark.parametrize(
    ("changed", "modes"),
    [
        ({"f.txt": b"1\n2\n3\nfuor\n5\n6\n7\n"}, {}),
        ({"f.txt": b"1\n2\n3\nfour \n5\n6\n7\n"}, {}),
        ({"f.txt": b"1\n2\n3\nfour\r\n5\n6\n7\n"}, {}),
        ({"f.txt": b"1\n2\n3\nfour\n5\n6\n7"}, {}),
        ({"f.txt": b"1\n2\n3\nfour\n5\n6\n7\n\n"}, {}),
        ({}, {"f.txt": "100755"}),
        ({}, {"f.txt": "120000"}),
        ({"f.txt": None}, {}),
        ({"f.txt": None, "F.txt": CHANGED["f.txt"]}, {}),
        ({"f.txt": None, "g.txt": CHANGED["f.txt"]}, {}),
        ({"data.bin": b"\0two"}, {}),
        ({"data.bin": None}, {}),
        ({"data.bin": b"one"}, {}),
        ({"sub": "2" * 40}, {}),
        ({"sub": None}, {}),
        ({"empty": b""}, {}),
        ({"kept.txt": None}, {}),
        ({"kept.txt": b"kept\n"}, {"kept.txt": "100755"}),
    ],
)
async def test_any_other_change_is_another(mirror, changed, modes):
    base = await tree(mirror, {"kept.txt": b"kept\n", "f.txt": b"1\n2\n3\n4\n5\n6\n7\n"})
    files = {path: held for path, held in {**CHANGED, **changed}.items() if held is not None}
    first = await fingerprint(mirror, base, await tree(mirror, CHANGED))
    assert first != await fingerprint(mirror, base, await tree(mirror, files, modes))


async def test_a_rename_is_another_change_than_the_same_file_twice(mirror):
    base = await tree(mirror, {"a.txt": text(PAD)})
    moved, copied = (
        await tree(mirror, {"b.txt": text(PAD)}),
        await tree(mirror, {"a.txt": text(PAD), "b.txt": text(PAD)}),
    )
    assert await fingerprint(mirror, base, moved) != await fingerprint(mirror, base, copied)


async def test_a_binary_file_beside_it_does_not_tie_a_text_to_its_base(mirror):
    prints = []
    for first in ("", "new on the base\n"):
        before, after = (first.encode() + text(PAD, [word], PAD) for word in ("old", "new"))
        base, head = await tree(mirror, {"f": before}), await tree(mirror, {"f": after, "b": b"\0"})
        prints.append(await fingerprint(mirror, base, head))
    assert prints[0] == prints[1]


async def test_a_file_whose_mode_differs_on_the_other_base_is_looked_at_again(mirror):
    prints = []
    for mode in ("100644", "100755"):
        before, after = [await tree(mirror, {"f": text([word])}, {"f": mode}) for word in ("old", "new")]
        prints.append(await fingerprint(mirror, before, after))
    assert prints[0] != prints[1]
