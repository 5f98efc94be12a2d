"""What a voter is shown of the code that plans speak of, out of a real repository."""

from app.knowledge.planned import show_planned

CACHE = (
    "class Cache:\n    def keep(self, x):\n        self.x = x\n\n    def get(self):\n        return self.x\n"
    + "\n\ndef other():\n    return 1\n" * 60
)
USER = "from cache import Cache\n\nCache().keep(3)\n"
PLAN = "In cache.py, `keep`: refuse what is no set. CHANGELOG.md: say so."


async def test_the_places_that_plans_name_are_shown_with_who_uses_them(mirror, commit):
    sha = commit({"cache.py": CACHE, "user.py": USER, "CHANGELOG.md": "# Changes\n", "tests/test_cache.py": USER})
    shown = await show_planned(mirror, sha, ["cache.py", "CHANGELOG.md", "tests/test_cache.py", "gone.py"], PLAN)
    assert shown.startswith("cache.py: method Cache.keep, lines 2 to 3\n     2      def keep(self, x):\n")
    assert "user.py:3: Cache().keep(3)" in shown
    assert "def get" not in shown, "no plan speaks of it"
    assert "Changes" not in shown, "the code alone"


async def test_a_small_file_is_shown_whole_and_all_has_a_bound(mirror, commit):
    files = {f"m{number}.py": f"def f{number}():\n" + f"    x = '{'y' * 90}'\n" * 35 for number in range(12)}
    sha = commit({**files, "ledger.py": "LIMIT = 3\n"})
    shown = await show_planned(mirror, sha, ["ledger.py", *files], "Raise the limit.")
    assert shown.startswith("ledger.py, the whole file\n     1  LIMIT = 3")
    assert 12_000 < len(shown) < 17_000, "half of what they hold"


async def test_of_a_long_function_much_is_shown_and_of_a_class_that_is_named_its_head(mirror, commit):
    steps = "".join(f"        step_{number}()\n" for number in range(200))
    sha = commit({"cache.py": f"class Cache:\n    def keep(self):\n{steps}\n    def drop(self):\n{steps}"})
    shown = await show_planned(mirror, sha, ["cache.py"], "In `Cache`, let `keep` do so.")
    assert "cache.py: method Cache.keep" in shown
    assert "step_60()" in shown
    assert "step_160()" not in shown
    assert "method Cache.drop" not in shown


async def test_files_that_are_not_there_yet_show_nothing(mirror, commit):
    sha = commit({"ledger.py": "LIMIT = 3\n"})
    assert await show_planned(mirror, sha, ["new.py"], "Add new.py") == ""
