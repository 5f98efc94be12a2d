from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    id: int
    owner: str
    title: str
    text: str


class NotFoundError(Exception):
    pass


class Documents:
    def __init__(self, documents: list[Document]) -> None:
        self._by_id = {document.id: document for document in documents}

    def get(self, document_id: int) -> Document:
        try:
            return self._by_id[document_id]
        except KeyError:
            raise NotFoundError(document_id) from None

    def get_own(self, document_id: int, user: str) -> Document:
        """As `get`; somebody else's is not found either, so that nobody learns what there is."""
        document = self.get(document_id)
        if document.owner != user:
            raise NotFoundError(document_id)
        return document
