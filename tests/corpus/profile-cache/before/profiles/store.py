class ProfileStore:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, int], dict] = {}

    def read(self, tenant: str, user_id: int) -> dict:
        return dict(self._rows[tenant, user_id])

    def write(self, tenant: str, user_id: int, profile: dict) -> None:
        self._rows[tenant, user_id] = dict(profile)
