from hypothesis import given
from hypothesis import strategies as st

from app.agents.anchor import Anchored, Lines, anchor, consolidate, render_dropped, with_one_name
from app.policy.finding import Finding, Severity, key_of

TEXT = "def a():\n    return 1\n\ndef b():\n    return 1\n"


def finding(quote: str, start: int = 1, path: str = "m.py", **more) -> Finding:
    told = {"severity": Severity.MAJOR, "category": "bug", "claim": "It is wrong.", **more}
    return Finding(path=path, start_line=start, end_line=max(start, more.pop("end_line", start)), quote=quote, **told)


def hold(
    found: Finding, changed: set[int] | frozenset[int], text: str = TEXT, shown: set[int] | None = None
) -> Anchored:
    everything = frozenset(range(1, text.count("\n") + 2)) if shown is None else frozenset(shown)
    return anchor([found], {"m.py": text}, {"m.py": Lines(frozenset(changed), everything)})


def place(found: Finding, changed: set[int], text: str = TEXT) -> tuple[int, int] | str:
    held = hold(found, changed, text)
    if held.dropped:
        return held.dropped[0].reason
    return held.kept[0].start_line, held.kept[0].end_line


def test_a_finding_is_moved_to_where_its_quote_stands():
    assert place(finding("return 1", start=3), {1, 2, 3, 4, 5}) == (2, 2)
    assert place(finding("return 1", start=4), {1, 2, 3, 4, 5}) == (5, 5), "the nearest"
    assert place(finding("def b():\n    return 1", start=1), {5}) == (4, 5), "one changed line is enough"


def test_white_space_at_the_ends_of_lines_does_not_matter():
    assert place(finding("\n  def b():  \n return 1\n", start=1), {4}) == (4, 5)
    assert place(finding("return 1", start=1), {2}, TEXT.replace("\n", "\r\n")) == (2, 2)


def test_a_quote_on_unchanged_lines_or_of_nothing_is_dropped():
    assert "changed line" in place(finding("return 1"), {1})
    assert "changed line" in place(finding("return 2"), {2})
    assert "changed line" in place(finding("   \n"), {3})


def test_a_finding_about_another_file_is_dropped():
    for path in ("other.py", "../m.py"):
        held = hold(finding("x", path=path), {1})
        assert "leaves lines in" in held.dropped[0].reason
        assert f"- {path}: It is wrong. It is dropped" in render_dropped(held.dropped)
    assert render_dropped(()) == ""


def test_a_comment_never_leaves_what_the_diff_shows():
    """GitHub answers 422 to a whole review for one comment outside of the hunks."""
    found = finding("def a():\n    return 1\n\ndef b():", suggestion="pass")
    (kept,) = hold(found, {2}, shown={2, 3, 4}).kept
    assert (kept.start_line, kept.end_line, kept.suggestion) == (2, 4, None)
    (kept,) = hold(found, {2}, shown={1, 2, 3, 4}).kept
    assert (kept.start_line, kept.end_line, kept.suggestion) == (1, 4, "pass")


lines = st.lists(st.sampled_from(["a", "b", "a b", "", "  c"]), min_size=1, max_size=12)


@given(lines, st.data())
def test_what_is_kept_stands_there_and_touches_a_changed_line(text: list[str], data: st.DataObject):
    changed = data.draw(st.frozensets(st.integers(1, len(text)), min_size=1))
    quote = data.draw(st.text(st.sampled_from("ab \nc"), min_size=1, max_size=8))
    found = finding(quote, data.draw(st.integers(1, 20)))
    shown = changed | data.draw(st.frozensets(st.integers(1, len(text))))
    held = hold(found, changed, "\n".join(text), shown)
    assert len(held.kept) + len(held.dropped) == 1
    for kept in held.kept:
        place = range(kept.start_line, kept.end_line + 1)
        stands = "\n".join(text[number - 1].strip() for number in place)
        assert stands in "\n".join(line.strip() for line in quote.strip("\n").split("\n"))
        assert changed & set(place)
        assert shown >= set(place)


@given(lines, st.data())
def test_an_exact_quote_of_a_changed_line_is_never_dropped(text: list[str], data: st.DataObject):
    number = data.draw(st.integers(1, len(text)))
    if text[number - 1].strip():
        assert hold(finding(text[number - 1], number), {number}, "\n".join(text)).kept


def test_a_finding_is_known_again_when_the_code_has_moved():
    assert key_of(finding("return  1", 2)) == key_of(finding("return 1", 9, category="BUG"))
    assert key_of(finding("return 1")) != key_of(finding("return 2"))


def test_a_path_that_ends_like_a_quote_begins_gives_no_finding_the_key_of_another():
    assert key_of(finding("b|c", path="a")) != key_of(finding("c", path="a|b"))


def test_of_the_same_finding_from_two_perspectives_the_gravest_is_kept():
    advice, blocking = finding("return 1", severity=Severity.NIT), finding("return 1", severity=Severity.CRITICAL)
    assert consolidate({"testing": [advice], "security": [blocking]}) == {"testing": [], "security": [blocking]}
    assert consolidate({"testing": [blocking], "security": [advice]}) == {"testing": [blocking], "security": []}
    assert consolidate({"testing": [advice, advice.model_copy()]}) == {"testing": [advice]}


def test_the_same_repair_of_the_same_lines_is_one_fault_by_whatever_name():
    ours = finding("return 1", 2, suggestion="return 2", category="off by one", severity=Severity.MINOR)
    theirs = finding("return 1", 2, suggestion="return 2\n", category="wrong value")
    others = [
        finding("return 1", 2, suggestion="return 3", category="a"),
        finding("return 1", 5, suggestion="return 2", category="b"),
        finding("return 1", 2, category="c"),
    ]
    named = with_one_name({"testing": Anchored((ours, *others), ()), "security": Anchored((theirs,), ())})

    assert [each.category for each in named["testing"].kept] == ["wrong value", "a", "b", "c"], "the gravest names it"
    kept = {name: each.kept for name, each in named.items()}
    assert consolidate(kept) == {"testing": others, "security": [theirs]}
