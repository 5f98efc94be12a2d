from profiles.service import ProfileService
from profiles.store import ProfileStore

store = ProfileStore()
store.write("a", 1, {"name": "Ada"})
store.write("b", 1, {"name": "Bob"})
service = ProfileService(store)
assert service.get("a", 1) == {"name": "Ada"}
assert service.get("b", 1) == {"name": "Bob"}, "a profile of another tenant"
