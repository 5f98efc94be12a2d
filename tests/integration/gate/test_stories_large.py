"""Changes that are too large to be read at once, and files that are not to be read."""

from tests.support.house import House
from tests.support.places import Place

LONG = "".join(f"line {number} of a long file\n" for number in range(4_500))
"""About 120,000 characters: two of it fit into one part."""


def shown_to(house: House, role: str) -> list[str]:
    return [shown for asked, shown in zip(house.model.asked, house.model.shown, strict=True) if asked == role]


def test_a_change_that_does_not_fit_is_read_in_parts(house: House, place: Place):
    house.model.shown.clear()
    files = {f"src{number}/m.txt": f"{LONG}in {number}\n" for number in range(3)}
    head, _ = place.pull({**files, "z.txt": "end\n"})

    shown = shown_to(house, "reviewer:security")
    assert len(shown) == 2
    assert sum("+in 2" in each for each in shown) == 1
    assert all("src2/m.txt: " in each for each in shown), "each part begins with the list of all"
    assert place.gate(head).conclusion == "success"


def test_one_part_that_blocks_blocks_the_change(house: House, place: Place):
    house.model.shown.clear()
    files = {f"src{number}/m.txt": LONG for number in range(3)}
    head, number = place.pull({**files, "z.txt": LONG + "EVIL security\n"})

    assert place.gate(head).conclusion == "failure"
    assert not place.merged(number)
    (challenged,) = shown_to(house, "challenger")
    assert "+EVIL security" in challenged, "it is challenged before the part that shows it"


def test_a_part_that_got_no_answer_closes_the_gate(place: Place):
    files = {f"src{number}/m.txt": LONG for number in range(3)}
    head, number = place.pull({**files, "z.txt": LONG + "SILENT security\n"})

    assert place.gate(head).conclusion != "success"
    assert not place.merged(number)


def test_what_fits_into_no_part_closes_the_gate(place: Place):
    head, number = place.pull({"n.txt": "new\n", "huge.txt": LONG * 3})

    assert place.gate(head).conclusion != "success"
    assert "huge.txt" in place.gate(head).summary
    assert not place.merged(number)


def test_a_change_does_not_hide_a_file_by_calling_it_generated(house: House, place: Place):
    head, number = place.pull(
        {"n.txt": "new\n", "b.txt": "# @generated\nEVIL testing\n", ".gitattributes": "* linguist-generated\n"}
    )

    assert place.gate(head).conclusion == "failure"
    assert not place.merged(number)


def test_what_the_base_called_generated_is_set_aside(house: House, place: Place):
    house.model.shown.clear()
    place.main = place.push("main", place.commit({"made.txt": "# @generated\n1\n"}, place.main), "mona")
    head, _ = place.pull({"n.txt": "new\n", "made.txt": "# @generated\nEVIL testing\n"})

    assert place.gate(head).conclusion == "success"
    (shown,) = shown_to(house, "reviewer:testing")
    assert "EVIL" not in shown
    assert "made.txt" in shown.partition("set aside")[2]


def test_code_that_nobody_reads_needs_a_person_or_the_policy_s_word(place: Place):
    """Else the place to hide is a bundle that is built anew: it is large, it runs, and everybody looks away."""
    place.main = place.push("main", place.commit({"made.js": "// @generated\n1\n"}, place.main), "mona")
    head, number = place.pull({"n.txt": "new\n", "made.js": "// @generated\nEVIL testing\n"})

    gate = place.gate(head)
    assert gate.conclusion != "success"
    assert "unreviewed code" in gate.summary
    assert "made.js" in gate.summary
    assert not place.merged(number)

    place.set_policy("set_aside: [made.js]\n")
    place.house.settle()
    assert place.gate(head).conclusion == "success"
