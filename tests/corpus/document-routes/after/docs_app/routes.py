from docs_app.render import render_text
from docs_app.store import Documents


def show(documents: Documents, user: str, document_id: int) -> dict:
    """GET /documents/ID"""
    document = documents.get_own(document_id, user)
    return {"title": document.title, "text": document.text}


def rename(documents: Documents, user: str, document_id: int, title: str) -> dict:
    """PATCH /documents/ID"""
    document = documents.get_own(document_id, user)
    return {"title": title.strip() or document.title, "text": document.text}


def download(documents: Documents, user: str, document_id: int) -> tuple[str, bytes]:
    """GET /documents/ID/text: the file's name and what is in it."""
    document = documents.get(document_id)
    return f"document-{document.id}.txt", render_text(document)
