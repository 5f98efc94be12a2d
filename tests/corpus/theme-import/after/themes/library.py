import io
import zipfile
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

    def import_theme(self, theme: str, archive: bytes) -> list[Path]:
        """Unpack a zip file as a theme. Returns what was written."""
        written = []
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_FILES:
                raise ValueError(f"a theme has at most {MAX_FILES} files; this one has {len(entries)}")
            for entry in entries:
                if entry.is_dir():
                    continue
                if entry.file_size > MAX_FILE_BYTES:
                    raise ValueError(f"{entry.filename} is larger than {MAX_FILE_BYTES} bytes")
                target = self.root / theme / entry.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(packed.read(entry))
                written.append(target)
        return written
