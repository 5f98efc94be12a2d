from web.auth import require_admin


def list_users(user: dict, store: dict) -> list[str]:
    require_admin(user)
    return sorted(store)


def delete_user(user: dict, store: dict, name: str) -> bool:
    require_admin(user)
    return store.pop(name, None) is not None
