"""Who must have agreed before a draft of our own is ended, from what is on record."""

import pytest

from app.policy.config import parse_policy
from app.policy.finding import Outcome
from app.policy.own import OwnFile
from app.policy.values import Sha
from app.store.reviews import Examination, StoredVerdict, save_review
from app.store.work import work
from app.workflows.standing import read_standing

HEAD = Sha("a" * 40)
OWN = OwnFile("wording.md", "---\nname: wording\ntitle: Wording\npaths: [docs/**]\n---\nLook at words.\n")
POLICY = parse_policy("required: [security, wording]\nperspectives: [security, wording]\n", [OWN])


@pytest.mark.parametrize(
    ("changed", "line"), [(["a.py"], "approved by all"), (["a.py", "docs/a.md"], "not reviewed by wording")]
)
async def test_the_projects_own_perspective_must_agree_where_its_files_are_changed(database, changed, line):
    seen = Examination("r", 7, 1, HEAD, "f", "passed", ())
    given = StoredVerdict("r", "security", 7, 1, HEAD, HEAD, "f", Outcome.APPROVED, 0.9, "m", "Yes.")
    async with work(database) as db:
        await save_review(db, seen, [given], [])

    standing = await read_standing(database, 7, 1, HEAD, POLICY, changed)
    assert standing.line == line
