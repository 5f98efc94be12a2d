from web import admin

ROUTES = {
    ("GET", "/admin/users"): admin.list_users,
    ("DELETE", "/admin/users"): admin.delete_user,
}


def dispatch(method: str, path: str, user: dict, *args: object) -> object:
    """The only way to a handler."""
    return ROUTES[method, path](user, *args)
