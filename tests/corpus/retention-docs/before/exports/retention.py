from datetime import datetime, timedelta
from pathlib import Path

KEEP_DAYS = 30


def expired(folder: Path, now: datetime, keep_days: int = KEEP_DAYS) -> list[Path]:
    """Exports that are older than `keep_days`."""
    limit = now - timedelta(days=keep_days)
    return [file for file in sorted(folder.glob("*.zip")) if datetime.fromtimestamp(file.stat().st_mtime) < limit]


def sweep(folder: Path, now: datetime, keep_days: int = KEEP_DAYS) -> int:
    """Delete what is expired. Returns how many files went."""
    gone = expired(folder, now, keep_days)
    for file in gone:
        file.unlink()
    return len(gone)
