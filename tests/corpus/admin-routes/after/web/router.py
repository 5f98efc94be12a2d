from web import admin
from web.auth import require_admin

ROUTES = {
    ("GET", "/admin/users"): admin.list_users,
    ("DELETE", "/admin/users"): admin.delete_user,
}


def dispatch(method: str, path: str, user: dict, *args: object) -> object:
    """The only way to a handler. Whatever lies below /admin is for administrators."""
    handler = ROUTES[method, path]
    if path.startswith("/admin/"):
        require_admin(user)
    return handler(user, *args)
