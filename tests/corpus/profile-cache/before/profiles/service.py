from profiles.store import ProfileStore


class ProfileService:
    """Profiles of people. An id is unique within its tenant only."""

    def __init__(self, store: ProfileStore) -> None:
        self._store = store

    def get(self, tenant: str, user_id: int) -> dict:
        return self._store.read(tenant, user_id)

    def save(self, tenant: str, user_id: int, profile: dict) -> None:
        self._store.write(tenant, user_id, profile)
