import tempfile
from pathlib import Path

from settings.teams import load_all

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "a.json").write_text('{"features": {"beta": true}}')
    Path(folder, "b.json").write_text("{}")
    teams = load_all(Path(folder))
assert teams["a"]["features"]["beta"] is True
assert teams["b"]["features"]["beta"] is False, teams["b"]
