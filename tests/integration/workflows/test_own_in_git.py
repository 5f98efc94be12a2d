"""A project's own perspectives in a repository: from which commit they are read, and what of a pull request counts."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from app.cli.reviewing.base import Base
from app.cli.reviewing.rules import read_rules
from app.forge.own_files import read_own_files
from app.policy.config import POLICY_PATH, parse_policy
from app.policy.errors import PolicyError
from app.policy.own import fault_in, parse_own
from app.workflows.change import describe_change
from app.workflows.ground import Ground
from app.workflows.proposed import read_proposed
from tests.support.own import FOLDER, WORDS, own_text

_WHO = {f"GIT_{who}_{what}": "mona" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Repository:
    """Commits of whole trees, one on top of another."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._git("init", "--quiet", "--bare", ".")

    def commit(self, files: dict[str, str | bytes], *parents: str, links: dict[str, str] | None = None) -> str:
        lines = [b"commit refs/heads/made\nmark :1\ncommitter Mona <mona@example.com> 1790000000 +0000\ndata 0\n"]
        lines += [b"%s %s\n" % (b"merge" if at else b"from", sha.encode()) for at, sha in enumerate(parents)]
        lines.append(b"deleteall\n")
        for mode, each in ((b"100644", files), (b"120000", links or {})):
            for path, content in each.items():
                data = content.encode() if isinstance(content, str) else content
                lines.append(b"M %s inline %s\ndata %d\n%s\n" % (mode, path.encode(), len(data), data))
        lines.append(b"\nget-mark :1\n")
        return self._git("fast-import", "--quiet", "--force", stdin=b"".join(lines))

    def _git(self, *args: str, stdin: bytes = b"") -> str:
        env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CONFIG_NOSYSTEM": "1", **_WHO}
        done = subprocess.run(["git", *args], cwd=self.path, env=env, input=stdin, capture_output=True, check=True)
        return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def files_of(repository: Repository, sha: str):
    return asyncio.run(read_own_files(repository.path, sha))


def test_the_folder_is_read_from_a_commit_and_nothing_beside_it(repository):
    sha = repository.commit(
        {f"{FOLDER}/wording.md": own_text(), f"{FOLDER}.md": "x", "wording.md": "x", f"docs/{FOLDER}/a.md": "x"}
    )

    assert [each.words for each in parse_own(files_of(repository, sha))] == [WORDS]
    assert files_of(repository, repository.commit({"a.txt": "a"})) == ()


@pytest.mark.parametrize(
    ("files", "links", "told"),
    [
        ({}, {f"{FOLDER}/a.md": "/etc/passwd"}, f"{FOLDER}/a.md, line 1, column 1: it is a link"),
        ({"elsewhere/a.md": own_text("a")}, {FOLDER: "../../elsewhere"}, f"{FOLDER}, line 1, column 1: it is a link"),
        ({f"{FOLDER}/a.md": b"---\nname: \xe9"}, {}, "byte 10 is not UTF-8"),
        ({f"{FOLDER}/a.md": "a" * 17_000}, {}, "larger than 16 KiB"),
        ({f"{FOLDER}/more/a.md": own_text("a")}, {}, "more/a.md, line 1, column 1: it is no file NAME.md"),
        ({f"{FOLDER}/p-{at}.md": own_text(f"p-{at}") for at in range(60)}, {}, "there are 60 files, and 20 are the"),
        ({f"{FOLDER}/w\u00f6rter.md": own_text("a")}, {}, r"`w\xf6rter` cannot be the name"),
    ],
)
def test_what_is_no_plain_text_file_of_a_sound_name_is_told(repository, files, links, told):
    assert told in fault_in(files_of(repository, repository.commit(files, links=links)))


def test_a_work_tree_is_reviewed_by_the_bases_words_and_a_fault_in_them_is_noted(repository):
    base = repository.commit({f"{FOLDER}/wording.md": own_text(), POLICY_PATH: "perspectives: [security, wording]"})
    broken = repository.commit({f"{FOLDER}/wording.md": "Look."}, base)
    rules = [asyncio.run(read_rules(repository.path, Base("main", sha, sha, "as asked for"))) for sha in (base, broken)]

    assert [each.words for each in rules[0].policy.own] == [WORDS]
    assert rules[1].policy.own == ()
    assert rules[1].notes[0].startswith(f"{FOLDER}/wording.md:1:1 of main: it does not begin with front matter")


def ground_at(repository: Repository, sha: str, text: str | None) -> Ground:
    return Ground("main", sha, text, "", own=files_of(repository, sha))


def proposed_by(repository: Repository, ground: Ground, fork: str, head: str):
    async def read():
        change = await describe_change(repository.path, fork, head, "main", ground.in_force())
        return await read_proposed(repository.path, change, ground)

    return asyncio.run(read())


def test_a_pull_request_proposes_what_it_changes_on_top_of_what_the_base_has_by_now(repository):
    policy = "perspectives: [security, wording, newer]"
    fork = repository.commit({"wording.md": "a page\n"})
    tip_files = {f"{FOLDER}/wording.md": own_text(), f"{FOLDER}/newer.md": own_text("newer"), POLICY_PATH: policy}
    tip = repository.commit({"wording.md": "a page\n", **tip_files}, fork)
    head = repository.commit({"wording.md": "another page\n", f"{FOLDER}/mine.md": own_text("mine")}, fork)

    proposed = proposed_by(repository, ground_at(repository, tip, policy), fork, head)

    assert proposed.error is None, "a page of the same name in the root is no perspective"
    assert {each.name: each.later for each in proposed.policy.own} == {"wording": False, "newer": False, "mine": True}


def test_one_that_changes_neither_file_nor_policy_proposes_nothing(repository):
    fork = repository.commit({f"{FOLDER}/wording.md": own_text()})
    head = repository.commit({f"{FOLDER}/wording.md": own_text(), "a.txt": "a\n"}, fork)

    assert proposed_by(repository, ground_at(repository, fork, ""), fork, head).policy is None


def test_taking_a_file_away_that_the_policy_names_makes_it_unusable(repository):
    policy = "perspectives: [security, wording]"
    fork = repository.commit({f"{FOLDER}/wording.md": own_text(), POLICY_PATH: policy})
    head = repository.commit({POLICY_PATH: policy, "a.txt": "a\n"}, fork)

    proposed = proposed_by(repository, ground_at(repository, fork, policy), fork, head)

    assert "there is no perspective `wording`" in proposed.error
    with pytest.raises(PolicyError):
        parse_policy(policy, proposed.own)


def test_the_organizations_policy_holds_with_the_projects_own_words(repository):
    sha = repository.commit({f"{FOLDER}/security.md": own_text("security")})
    broken = repository.commit({f"{FOLDER}/security.md": "Look."}, sha)
    sound, faulty = (
        Ground("main", each, "strict: true", "", "org", own=files_of(repository, each)) for each in (sha, broken)
    )

    assert (sound.policy().strict, sound.policy().own[0].name, sound.state()) == (True, "security", "org")
    assert faulty.state() == "invalid", "a pull request here can mend it"
    assert Ground("main", sha, "strikt: true", "", "org", own=files_of(repository, sha)).state() == "org_invalid"


def test_a_link_that_a_change_adds_opens_no_other_file_to_who_reads_changed_files(repository):
    base = repository.commit({"a.py": "a\n", "other.py": "x\n"}, links={"was": "other.py"})
    head = repository.commit({"a.py": "b\n", "other.py": "x\n", "was": "y\n"}, base, links={"b.py": "other.py"})
    change = asyncio.run(describe_change(repository.path, base, head, "main", parse_policy("")))

    assert set(change.files) == {"a.py", "b.py", "was"}
    assert change.read_whole == {"a.py", "was"}
