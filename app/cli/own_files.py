"""The files of a project's own perspectives as they lie beside a policy file on this machine."""

from pathlib import Path

from app.policy.own import OwnFile, as_text


def read_own_beside(policy: Path) -> tuple[OwnFile, ...]:
    """Those in `quorum/perspectives/` of the policy file's folder. What is no plain file has its fault told."""
    folder = policy.parent / "quorum" / "perspectives"
    if folder.is_symlink():
        return (OwnFile("", fault="it is a link", remedy="Put a plain folder there.", folder=str(folder)),)
    if not folder.is_dir():
        return ()
    return tuple(_read(each, folder) for each in sorted(folder.rglob("*")) if each.is_symlink() or not each.is_dir())


def _read(file: Path, folder: Path) -> OwnFile:
    name = str(file.relative_to(folder))
    if file.is_symlink() or not file.is_file():
        return OwnFile(name, fault="it is no plain file", remedy="Put a plain file there.", folder=str(folder))
    try:
        return as_text(name, file.read_bytes(), str(folder))
    except OSError as error:
        told = f"it cannot be read: {error.strerror}"
        return OwnFile(name, fault=told, remedy="Make it readable for you.", folder=str(folder))
