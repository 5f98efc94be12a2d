import pytest

from app.forge.clean import clean_description
from app.workflows.measuring import Measured, render_measured


@pytest.mark.parametrize(
    ("measured", "told"),
    [
        (None, ""),
        (
            Measured("run", 2.0, 0.5),
            "- `run`: 2.00 s before, 0.50 s after: 4.0 times as fast (the least of 3 runs each)",
        ),
        (
            Measured("run", 0.5, 2.0),
            "- `run`: 0.50 s before, 2.00 s after: 4.0 times as slow (the least of 3 runs each)",
        ),
        (
            Measured("run", 1.0, 0.97),
            "- `run`: 1.00 s before, 0.97 s after: no difference that could be measured (the least of 3 runs each)",
        ),
        (
            Measured("run", 0.0, 1.0),
            "- `run`: 0.00 s before, 1.00 s after: no difference that could be measured (the least of 3 runs each)",
        ),
        (
            Measured("a `b` @mona", trouble="on the code before the change it failed (exit code 1)"),
            "- `a 'b' @mona` measured nothing: on the code before the change it failed (exit code 1)",
        ),
    ],
)
def test_both_times_are_told_with_their_ratio(measured, told):
    assert render_measured(measured) == told


def test_a_command_of_several_lines_stands_there_as_it_was_run():
    """Folded to one line nobody could run it again."""
    command = "python3 -c '\nimport m\nfor n in range(3):\n    m.f(n)\n'\n"
    told = render_measured(Measured(command, 2.0, 0.5), " (before the repairs)")
    first, _, block = told.partition("\n\n")
    assert first.startswith("- what is below: 2.00 s before, 0.50 s after: 4.0 times as fast")
    assert first.endswith(" (before the repairs)")
    assert block == f"```sh\n{command.strip()}\n```"
    cleaned = clean_description(told)
    assert block in cleaned
