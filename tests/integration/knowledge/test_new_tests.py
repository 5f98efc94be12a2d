"""Which tests a change adds, out of a real repository."""

from app.knowledge.new_tests import new_tests

WAS = "class CacheTest:\n    def test_get(self):\n        pass\n\n    def keep(self):\n        pass\n"
NOW = WAS + "\n    def test_copy(self):\n        pass\n\n    def testify(self):\n        pass\n"
GO = "package t\n\nfunc TestCopy(t *testing.T) {\n}\n\nfunc help() {\n}\n"


async def test_the_functions_that_the_tests_have_more_are_the_new_ones(mirror, commit):
    base = commit({"t/test_cache.py": WAS, "t/test_gone.py": "def test_moved():\n    pass\n"})
    head = commit({"t/test_cache.py": NOW, "t/test_here.py": "def test_moved():\n    pass\n", "t/copy_test.go": GO})
    paths = ["t/test_cache.py", "t/test_gone.py", "t/test_here.py", "t/copy_test.go", "t/data.bin"]
    assert await new_tests(mirror, base, head, paths) == ("test_copy", "TestCopy")
    assert await new_tests(mirror, base, base, paths) == ()
