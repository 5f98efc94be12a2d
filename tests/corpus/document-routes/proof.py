from docs_app.routes import download
from docs_app.store import Document, Documents, NotFoundError

documents = Documents([Document(1, "ada", "Notes", "private")])
try:
    _, content = download(documents, "mallory", 1)
except NotFoundError:
    content = b""
assert b"private" not in content, "somebody else's document was given out"
