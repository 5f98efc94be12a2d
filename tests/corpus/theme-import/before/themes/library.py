from pathlib import Path

MAX_FILE_BYTES = 2_000_000
MAX_FILES = 200


class ThemeLibrary:
    """Themes as folders below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        return sorted(folder.name for folder in self.root.iterdir() if folder.is_dir())

    def add_file(self, theme: str, name: str, content: bytes) -> Path:
        """Store one file of a theme, as the editor uploads them."""
        if len(content) > MAX_FILE_BYTES:
            raise ValueError(f"{name} is larger than {MAX_FILE_BYTES} bytes")
        if "/" in name or name.startswith("."):
            raise ValueError(f"{name!r} is no name for a file of a theme")
        target = self.root / theme / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target
