class Mailer:
    """Keeps what would be sent; the real one lies in the mail gateway's package."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, address: str, subject: str, body: str) -> None:
        self.sent.append((address, subject, body))
