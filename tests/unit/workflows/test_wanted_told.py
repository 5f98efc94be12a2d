"""What an agent is told of what is wanted, beside the issue."""

from app.workflows.understood import NOTHING, Understanding, wanted_told


def test_criteria_do_not_take_the_place_of_the_issue():
    head, listed = wanted_told(Understanding(criteria=("One file is fine.", "Two are, too.")))
    assert head == (
        "What must hold when it is solved, as the issue lists it or as it was understood; the issue's other sentences "
        "count as well:"
    )
    assert "- One file is fine.\n- Two are, too." in listed
    assert wanted_told(NOTHING) == []
