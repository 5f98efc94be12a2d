import pytest

from app.agents.variables import variables_of

COMMANDS = [
    ("python3 -m pytest -q", {}),
    ("PYTHONPATH=src python3 -m pytest", {"PYTHONPATH": "src"}),
    ("TZ=UTC  LANG='de_DE.UTF-8 x' make test", {"TZ": "UTC", "LANG": "de_DE.UTF-8 x"}),
    ("A=1 HOME=$PWD B=2 make", {"A": "1"}),
    ("A=`pwd` make", {}),
    ("make A=1", {}),
    ("A=", {"A": ""}),
    ("1A=x make", {}),
    ("A='open", {}),
]


@pytest.mark.parametrize(("command", "variables"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_what_a_command_sets_for_itself(command: str, variables: dict[str, str]):
    assert variables_of(command) == variables
