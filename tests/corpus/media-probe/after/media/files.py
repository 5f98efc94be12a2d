from pathlib import Path


def upload_path(root: Path, upload_id: int) -> Path:
    """Where an upload lies; the name that people gave it is kept in the database only."""
    return root / f"{upload_id // 1000:06d}" / f"{upload_id}.bin"
