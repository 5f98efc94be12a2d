import io
import tempfile
import zipfile
from pathlib import Path

from themes.library import ThemeLibrary

packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.writestr("../../outside.txt", "hello")
with tempfile.TemporaryDirectory() as folder:
    root = Path(folder) / "themes"
    root.mkdir()
    try:
        ThemeLibrary(root).import_theme("dark", packed.getvalue())
    except ValueError:
        pass
    assert not (Path(folder) / "outside.txt").exists(), "it was written beside the folder of themes"
