from pathlib import Path

from media.files import upload_path
from media.probe import length_s


def describe(root: Path, upload_id: int) -> dict[str, float]:
    """What the player is told of a video. Raises ProbeError, which the upload page shows."""
    return {"id": upload_id, "length_s": length_s(upload_path(root, upload_id))}
