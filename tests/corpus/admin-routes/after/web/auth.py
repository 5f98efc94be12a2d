class ForbiddenError(Exception):
    pass


def require_admin(user: dict) -> None:
    if not user.get("admin"):
        raise ForbiddenError(user.get("name"))
