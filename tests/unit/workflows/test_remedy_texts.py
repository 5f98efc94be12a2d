"""A repair as it is shown to the author of a fork."""

from app.policy.values import Sha
from app.workflows.remedy_texts import Remedy, render_patch
from app.workflows.verifying import Verification

MADE = Remedy(
    7, Sha("1" * 40), ("testing",), "Mended <b>it</b>.", "make test", Verification("failed", "passed", "none"), "run-1"
)


def part(path, *lines):
    added = "".join(f"+{line}\n" for line in lines)
    head = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n"
    return f"{head}@@ -0,0 +1,{len(lines)} @@\n{added}".encode()


def test_a_patch_is_shown_as_it_is_and_closes_no_fence():
    patch = part("a.md", "```", "# @bob ![](x)", "````")
    told = render_patch(MADE, patch)
    assert f"`````diff\n{patch.decode()}`````" in told
    assert "`make test` before: failed\n" in told
    assert "- `make test` after: passed" in told
    assert "<b>" not in told


def test_what_does_not_fit_is_named_and_the_rest_is_whole():
    small, large = part("small.txt", "x"), part("large.txt", *["x" * 999] * 60)
    told = render_patch(MADE, large + small)
    assert small.decode() in told
    assert "- `large.txt`: it is too long for a comment" in told
    assert len(told) < 60_000


def test_a_patch_of_which_nothing_can_be_shown_is_not_told_how_to_apply():
    told = render_patch(MADE, part("a.txt", "x\r") + part("b.txt", "?").replace(b"+?", b"+\xff"))
    assert "git apply" not in told
    assert told.count("it has characters that no page shows") == 2
