from pathlib import Path


def publish(source: Path, target: Path) -> dict[str, str]:
    """Copy our own assets to the web server's folder. Returns name to published name."""
    names = {}
    for file in sorted(source.iterdir()):
        (target / file.name).write_bytes(file.read_bytes())
        names[file.name] = file.name
    return names
