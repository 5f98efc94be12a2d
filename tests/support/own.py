"""Files of a project's own perspectives."""

from app.policy.own import OwnFile

FOLDER = ".github/quorum/perspectives"
WORDS = "Every word that a person reads goes through `tr()`."


def own_text(name: str = "wording", words: str = WORDS, **more: object) -> str:
    front = "".join(f"{key}: {value}\n" for key, value in {"name": name, "title": "Wording", **more}.items())
    return f"---\n{front}---\n{words}\n"


def own_file(name: str = "wording", words: str = WORDS, **more: object) -> OwnFile:
    return OwnFile(f"{name}.md", own_text(name, words, **more))
