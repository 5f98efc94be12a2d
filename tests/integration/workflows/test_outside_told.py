"""A repair that touches what neither the change nor what is to be repaired speaks of: is that meant so?"""

import pytest

from tests.support.house import House
from tests.support.places import Place
from tests.support.tended import own_pull, run_ci

ASKED = "nothing that was agreed on or found names `o.py`; is it a part of the task?"


@pytest.mark.parametrize(("log", "asked"), [("n.py is wrong", True), ("n.py is wrong, as o.py has it", False)])
def test_who_repairs_is_asked_about_other_files(house: House, log: str, asked: bool):
    house.installation.repository_ids.clear()
    place = Place(house, "perspectives: [security]\n")
    place.main = place.push("main", place.commit({"o.py": "o = 1\n"}, place.main), "mona")
    house.settle()
    with own_pull(place, {"n.py": "n = 1\n"}) as own:
        own.desk.files = {"n.py": "n = 2\n", "o.py": "o = 2\n"}
        run_ci(place, place.main, "success")
        own.ci(own.head, "failure", f"{log}\n##[error]Process completed with exit code 1.\n")
        assert own.runs("amend") == ["succeeded"]
        assert any(ASKED in each for each in own.hand.shown) == asked
        described = place.call("ada", "GET", f"pulls/{own.number}")["body"]
        assert (f"Please look at this: {ASKED}" in described) == asked
