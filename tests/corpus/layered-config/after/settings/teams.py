from pathlib import Path

from settings.loader import load


def load_all(folder: Path) -> dict[str, dict]:
    """The configuration of every team, by its file's name."""
    return {file.stem: load(file) for file in sorted(folder.glob("*.json"))}
