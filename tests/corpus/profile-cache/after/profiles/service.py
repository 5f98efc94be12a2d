from profiles.cache import Cache
from profiles.store import ProfileStore


class ProfileService:
    """Profiles of people. An id is unique within its tenant only."""

    def __init__(self, store: ProfileStore, cache: Cache | None = None) -> None:
        self._store = store
        self._cache = cache or Cache(60)

    def get(self, tenant: str, user_id: int) -> dict:
        return dict(self._cache.get(f"profile:{user_id}", lambda: self._store.read(tenant, user_id)))

    def save(self, tenant: str, user_id: int, profile: dict) -> None:
        self._store.write(tenant, user_id, profile)
        self._cache.drop(f"profile:{user_id}")
