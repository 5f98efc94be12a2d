from docs_app.store import Document


def render_pdf(document: Document) -> bytes:
    """A page with the title and the text."""
    lines = [document.title, "", *document.text.splitlines()]
    body = "\n".join(f"({line}) Tj T*" for line in lines)
    return f"%PDF-1.4\nBT /F1 12 Tf 50 750 Td 14 TL\n{body}\nET\n%%EOF".encode()
