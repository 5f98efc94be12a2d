from exports.retention import KEEP_DAYS


def export_mail(link: str) -> str:
    """The mail to who asked for an export."""
    return f"Your export is ready: {link}\nYou can fetch it for 30 days.\n"
