from docs_app.store import Document


def render_text(document: Document) -> bytes:
    """The title, underlined, and the text."""
    lines = [document.title, "=" * len(document.title), "", *document.text.splitlines()]
    return ("\n".join(lines) + "\n").encode()
