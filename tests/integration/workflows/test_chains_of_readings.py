"""Whatever is pushed, rebased or taken back: an approval covers nothing that its perspective has not read."""

import asyncio
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.agents.hunks import FileDiff
from app.agents.pack import ReviewPack, render_parts
from app.agents.patched import read_diff
from app.forge.git import diff
from app.policy import increment
from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.values import Sha
from app.store.reviews import Examination, StoredVerdict
from app.workflows import earlier_heads
from app.workflows.change import Change, describe_change
from app.workflows.earlier_heads import EarlierHeads
from app.workflows.increment_packs import pack_increments
from app.workflows.increments import Plan
from app.workflows.readings import last_reading

NAME, TERMS, POLICY = "testing", "the same", Policy()
_ENCLOSED = re.compile(r"<untrusted-([0-9a-f]+) what='diff'>\n(.*?)\n</untrusted-\1>", re.DOTALL)
Files = dict[str, tuple[str, bytes]]
KNOWN: dict[tuple[str, str], Change] = {}


def text(name: str, *more: str) -> tuple[str, bytes]:
    lines = [f"{name} {number}, and some words" for number in range(16)]
    return "100644", "".join(f"{line}\n" for line in (*lines, *more)).encode()


BASE: Files = {f"d{number}/f.txt": text(f"old{number}") for number in range(8)}


@dataclass
class Author:
    """A repository with `main` and a head on top of it; `told` is what every earlier head held."""

    folder: Path
    base_files: Files = field(default_factory=lambda: dict(BASE))
    files: Files = field(default_factory=dict)
    told: list[tuple[Files, Files, str, str]] = field(default_factory=list)
    base: str = ""
    head: str = ""
    count: int = 0

    def begin(self) -> None:
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.folder], check=True)
        self.base = self._commit(self.base_files)
        self.files = {**BASE, **{f"n{number}/g.txt": text(f"new{number}") for number in range(6)}}
        self.files["d0/f.txt"] = text("old0", "a line")
        self._push()

    def push(self, kind: str, which: int) -> None:
        path = sorted(self.files)[which % len(self.files)]
        self.count += 1
        getattr(self, f"_{kind}")(path, which)
        self._push()

    def _push(self) -> None:
        self.head = self._commit(self.files, self.base)
        self.told.append((dict(self.base_files), dict(self.files), self.base, self.head))

    def _edit(self, path: str, _which: int) -> None:
        mode, data = self.files[path]
        self.files[path] = (mode, data + f"edit {self.count}\n".encode())

    def _insert(self, path: str, which: int) -> None:
        mode, data = self.files[path]
        lines = data.split(b"\n")
        lines.insert(which % len(lines), f"insert {self.count}".encode())
        self.files[path] = (mode, b"\n".join(lines))

    def _add(self, _path: str, which: int) -> None:
        self.files[f"n{which}/h{self.count}.txt"] = text(f"added{self.count}")

    def _remove(self, path: str, _which: int) -> None:
        del self.files[path]

    def _rename(self, path: str, which: int) -> None:
        self.files[f"r{which}/moved{self.count}.txt"] = self.files.pop(path)

    def _chmod(self, path: str, _which: int) -> None:
        mode, data = self.files[path]
        self.files[path] = ("100755" if mode == "100644" else "100644", data)

    def _link(self, path: str, _which: int) -> None:
        self.files[path] = ("120000", f"../target{self.count}".encode())

    def _bytes(self, path: str, _which: int) -> None:
        self.files[path] = ("100644", b"\0 binary %d" % self.count)

    def _undo(self, path: str, _which: int) -> None:
        if path in self.base_files:
            self.files[path] = self.base_files[path]

    def _rebase(self, _path: str, which: int) -> None:
        """The base branch changed a file that the change may hold as well, and the change was put onto that."""
        path = sorted(self.base_files)[which % len(self.base_files)]
        old = self.base_files[path]
        mode, data = old
        self.base_files[path] = (mode, f"base {self.count}\n".encode() + data)
        if path in self.files:
            own_mode, own = self.files[path]
            self.files[path] = self.base_files[path] if (own_mode, own) == old else (own_mode, b"base\n" + own)
        self.base = self._commit(self.base_files, self.base)

    def _back(self, _path: str, which: int) -> None:
        """Force-pushed to what an earlier head was, with a line more somewhere."""
        base_files, files, self.base, _ = self.told[which % len(self.told)]
        self.base_files, self.files = dict(base_files), dict(files)
        self._edit(sorted(self.files)[which % len(self.files)], which)

    def _commit(self, files: Mapping[str, tuple[str, bytes]], parent: str = "") -> str:
        told = b"commit refs/heads/made\nmark :1\ncommitter A <a@example.com> 1790000000 +0000\ndata 1\nx\n"
        told += f"from {parent}\n".encode() if parent else b""
        told += b"deleteall\n"
        for path, (mode, data) in files.items():
            told += b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), path.encode(), len(data), data)
        command = ["git", "-C", str(self.folder), "fast-import", "--quiet", "--force"]
        done = subprocess.run(command, input=told + b"\nget-mark :1\n", capture_output=True, check=True)
        return done.stdout.decode().strip()


async def described(mirror: Path, base: Sha, head: Sha, base_ref: str, policy: Policy) -> Change:
    """Commits do not change, and every head is looked at again and again."""
    if (base, head) not in KNOWN:
        KNOWN[base, head] = await describe_change(mirror, base, head, base_ref, policy)
    return KNOWN[base, head]


@dataclass
class Reader:
    """One perspective over a chain of pushes. `read`: by head, what it was shown there."""

    mirror: Path
    given: list[StoredVerdict] = field(default_factory=list)
    examined: dict[str, Examination] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)

    async def look(self, base: str, head: str, *, silent: bool) -> StoredVerdict:
        """Review a head as the workflow does, and give the verdict."""
        change = await described(self.mirror, Sha(base), Sha(head), "main", POLICY)
        files, _ = read_diff(await diff(self.mirror, base, head), change.set_aside)
        plan = await self._plan(change, files)
        pack = ReviewPack("t", "", [], files, change.set_aside, "", "", "", 1, [])
        packed = await pack_increments(self.mirror, render_parts(pack), pack, plan)
        shown = "\n".join(_ENCLOSED.findall("".join(part.text for part in packed.of(NAME).parts))[0][1:])
        self.read[head] = set(pieces(shown))
        whole = None if NAME not in packed.increments else plan.increments[NAME].whole.head_sha
        run = f"run-{len(self.given)}"
        unread = (*packed.unread, *change.unreadable)
        self.examined[run] = Examination(
            run, 1, 1, Sha(head), change.fingerprint, "passed", unread, set_aside=change.set_aside
        )
        verdict = StoredVerdict(
            *(run, NAME, 1, 1, Sha(head), Sha(base), change.fingerprint),
            *(Outcome.ABSTAINED if silent else Outcome.APPROVED, 0.9, "m", "Read."),
            terms=TERMS,
            whole_at=whole,
        )
        self.given.append(verdict)
        return verdict

    async def _plan(self, change: Change, files: list[FileDiff]) -> Plan:
        reading = last_reading(self.given, NAME, TERMS, 0.5)
        if isinstance(reading, str):
            return Plan()
        earlier = EarlierHeads(self.mirror, "main", POLICY, change, files, self.examined)
        found = await earlier.increment(reading, [])
        return Plan() if isinstance(found, str) else Plan({}, {NAME: found})


def pieces(patch: str) -> Iterator[str]:
    """What a diff consists of: the header of each file, and each of its hunks with the file's name, without places."""
    for part in re.split(r"^(?=diff --git )", patch, flags=re.MULTILINE):
        if part.strip():
            head, *hunks = re.split(r"^@@ .* @@.*$", part.rstrip("\n"), flags=re.MULTILINE)
            header = re.sub(r"^index .*\n?", "", head, flags=re.MULTILINE).strip()
            yield header
            yield from (f"{header}\n{hunk}" for hunk in hunks)


def of_git(folder: Path, base: str, head: str) -> set[str]:
    plain = ("-r", "-p", "-M", "-U3", "--no-color", "--full-index", "--no-ext-diff")
    command = ["git", "-C", str(folder), "diff-tree", *plain, base, head]
    return set(pieces(subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")))


pushes = st.tuples(
    st.sampled_from(
        ["edit", "edit", "insert", "add", "remove", "rename", "chmod", "link", "bytes", "undo", "rebase", "back"]
    ),
    st.integers(0, 15),
    st.sampled_from([False, False, False, True]),
)


@pytest.fixture(autouse=True)
def _whatever_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(increment, "SMALL_CHARACTERS", 0)
    monkeypatch.setattr(earlier_heads, "describe_change", described)


@given(told=st.lists(pushes, min_size=1, max_size=5))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_approval_covers_nothing_that_was_not_read(told, tmp_path_factory: pytest.TempPathFactory):
    author = Author(tmp_path_factory.mktemp("chain"))
    author.begin()
    asyncio.run(play(author, told))


async def play(author: Author, told: list[tuple[str, int, bool]]) -> list[StoredVerdict]:
    reader = Reader(author.folder)
    verdicts = [await reader.look(author.base, author.head, silent=False)]
    for kind, which, silent in told:
        author.push(kind, which)
        verdict = await reader.look(author.base, author.head, silent=silent)
        read = reader.read[verdict.head_sha] | reader.read.get(verdict.whole_at or "", set())
        assert of_git(author.folder, author.base, author.head) <= read
        verdicts.append(verdict)
    return verdicts


async def test_a_chain_of_small_pushes_is_read_bit_by_bit_and_whole_again_in_the_end(tmp_path: Path):
    author = Author(tmp_path / "chain")
    author.begin()

    edits = [("edit", 9, False)] * 6
    verdicts = await play(author, edits)

    first = verdicts[0].head_sha
    assert [each.whole_at for each in verdicts] == [None, *([first] * 4), None, verdicts[5].head_sha]


@pytest.mark.parametrize(("kind", "which"), [("rebase", 0), ("remove", 9), ("link", 9)])
async def test_what_could_change_the_rest_has_everything_read(tmp_path: Path, kind: str, which: int):
    """A file of the change that the base changed is another; the rest is what it was."""
    author = Author(tmp_path / "chain")
    author.begin()
    _, last = await play(author, [(kind, which, False)])
    assert (last.whole_at is None) == (kind != "rebase")


@pytest.mark.parametrize(
    ("then", "reads_on"),
    [
        ({}, True),
        ({"unread": ("n2/g.txt",)}, False),
        ({"set_aside": None}, False),
        ({"set_aside": ("n2/g.txt",)}, True),
    ],
)
async def test_what_nobody_read_then_is_not_taken_for_read(tmp_path: Path, then: dict[str, object], reads_on: bool):
    author = Author(tmp_path / "chain")
    author.begin()
    reader = Reader(author.folder)
    await reader.look(author.base, author.head, silent=False)
    reader.examined["run-0"] = replace(reader.examined["run-0"], **then)
    author.push("edit", 9)

    last = await reader.look(author.base, author.head, silent=False)

    assert (last.whole_at is not None) == reads_on
    shown = any("n2/g.txt" in piece for piece in reader.read[author.head])
    assert shown == (not reads_on or "set_aside" in then)


async def test_a_reading_of_another_diff_is_not_built_on(tmp_path: Path):
    author = Author(tmp_path / "chain")
    author.begin()
    reader = Reader(author.folder)
    first = await reader.look(author.base, author.head, silent=False)
    reader.given[:] = [replace(first, fingerprint="another")]
    author.push("edit", 9)

    assert (await reader.look(author.base, author.head, silent=False)).whole_at is None
