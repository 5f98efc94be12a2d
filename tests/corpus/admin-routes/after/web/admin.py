def list_users(user: dict, store: dict) -> list[str]:
    return sorted(store)


def delete_user(user: dict, store: dict, name: str) -> bool:
    return store.pop(name, None) is not None
