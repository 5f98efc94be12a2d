import hashlib
from pathlib import Path


def published_name(file: Path, content: bytes) -> str:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()[:12]
    return f"{file.stem}.{digest}{file.suffix}"


def publish(source: Path, target: Path) -> dict[str, str]:
    """Copy our own assets to the web server's folder. Returns name to published name."""
    names = {}
    for file in sorted(source.iterdir()):
        content = file.read_bytes()
        names[file.name] = published_name(file, content)
        (target / names[file.name]).write_bytes(content)
    return names
