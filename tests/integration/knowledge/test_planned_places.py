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
    assert shown.startswith("cache.py, what the plans name\n     2      def keep(self, x):\n")
    assert "user.py:3: Cache().keep(3)" in shown
    assert "def get" not in shown, "no plan speaks of it"
    assert "Changes" not in shown, "the code alone"


async def test_a_small_file_is_shown_whole_and_all_has_a_bound(mirror, commit):
    files = {f"m{number}.py": f"def f{number}():\n" + f"    x = '{'y' * 90}'\n" * 35 for number in range(12)}
    sha = commit({**files, "ledger.py": "LIMIT = 3\n"})
    shown = await show_planned(mirror, sha, ["ledger.py", *files], "Raise the limit.")
    assert shown.startswith("ledger.py, the whole file\n     1  LIMIT = 3")
    assert 12_000 < len(shown) < 21_000, "half of what they hold"


async def test_of_a_long_function_much_is_shown_and_of_a_class_that_is_named_its_head(mirror, commit):
    steps = "".join(f"        step_{number}()\n" for number in range(600))
    sha = commit({"cache.py": f"class Cache:\n    def keep(self):\n{steps}\n    def drop(self):\n{steps}"})
    shown = await show_planned(mirror, sha, ["cache.py"], "In `Cache`, let `keep` do so.")
    assert shown.startswith("cache.py, what the plans name\n     1  class Cache:\n     2      def keep(self):\n")
    assert "step_60()" in shown
    assert "step_160()" not in shown
    assert shown.count("    def drop(self):\n\nCache is named in no other code") == 1, "of the rest its line"


CACHES = "class Cache:\n    def get(self):\n        return 1\n\n    def clear(self):\n        return 2\n\n\n"
STEPS = "        step()\n" * 1200
CACHES += "".join(
    f"class {name}(Cache):\n    def __init__(self):\n        self.own_{name} = 1\n\n    @property\n"
    f"    def size(self):\n        return 3\n\n    def get(self):\n{STEPS}\n"
    f"    def clear(self):\n        self.{name} = 4\n\n\n"
    for name in ("First", "Second", "Third")
)
PLANS = (
    "Make get quicker: clear() of each, and `size`. First: as Second does in cache.py/get. Third: no clear any more."
)


async def test_every_class_that_is_named_is_shown_and_no_line_twice(mirror, commit):
    sha = commit({"caches.py": CACHES})
    shown = await show_planned(mirror, sha, ["caches.py"], PLANS)
    code = shown.partition("\n\n")[0].split("\n")[1:]
    numbers = [line.split()[0] for line in code if "…" not in line]
    assert len(numbers) == len(set(numbers))
    for name in ("First", "Second", "Third"):
        assert f"class {name}(Cache):" in shown
        assert f"self.own_{name} = 1" in shown, "how it is made"
        assert f"self.{name} = 4" in shown, "`clear()` is named as code"
    assert shown.count("def size(self):") == 3
    assert "step()" not in shown, "`get` is a plain word, and has no room"
    assert "class Cache:" not in shown


async def test_where_no_name_looks_like_code_a_plain_word_is_one(mirror, commit):
    sha = commit({"cache.py": CACHE})
    shown = await show_planned(mirror, sha, ["cache.py"], "Let keep refuse what is no set.")
    assert "def keep(self, x):" in shown
    assert "def get(self):" not in shown


async def test_files_that_are_not_there_yet_show_nothing(mirror, commit):
    sha = commit({"ledger.py": "LIMIT = 3\n"})
    assert await show_planned(mirror, sha, ["new.py"], "Add new.py") == ""


async def test_values_at_the_top_of_a_file_that_plans_name_are_shown_to_their_end(mirror, commit):
    table = "const ipv4Part = '(0?\\d+)';\nconst parts = {\n    four: /x/,\n    long: /y/,\n};\nconst rest = 1;\n"
    functions = "\n".join(f"function f{number}() {{ return {number}; }}" for number in range(200))
    code = f"(function () {{\n{table}function other() {{ return 1; }}\n{functions}"
    sha = commit({"ip.js": code})
    shown = await show_planned(mirror, sha, ["ip.js"], "Widen `ipv4Part` and `parts`; `other` stays.")
    assert "const ipv4Part" in shown
    assert "     7  };" not in shown
    assert "     6  };" in shown
    assert "const rest" not in shown


async def test_a_name_that_stands_for_several_is_told_of_once(mirror, commit):
    code = "pub struct Quoter;\n\nimpl Quoter {\n    pub fn a(&self) {}\n}\n\n"
    code += "impl Default for Quoter {\n    fn default() {}\n}\n"
    code += "\n".join(f"fn f{number}() {{}}" for number in range(200))
    sha = commit({"src/lib.rs": code, "src/use.rs": "fn g() { Quoter.a() }\n"})
    shown = await show_planned(mirror, sha, ["src/lib.rs"], "`Quoter` is made public.")
    assert shown.count("src/use.rs:1") == 1


async def test_a_function_named_like_a_test_is_one_in_rust_and_may_be_used_elsewhere(mirror, commit):
    python = {"mail.py": "def test_mail(x):\n    return x\n", "use.py": "from mail import test_mail\n\ntest_mail(1)\n"}
    sha = commit({"lib.rs": "fn test_a() {\n    b();\n}\n", **python})
    shown = await show_planned(mirror, sha, ["lib.rs", "mail.py"], "`test_a` and `test_mail` stay.")
    assert "use.py:3: test_mail(1)" in shown
    assert "test_a is named in no other code" not in shown
