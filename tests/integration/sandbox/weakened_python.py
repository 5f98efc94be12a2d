"""Changes to tests in Python: weakened ones, and ones that only look like it."""

# ruff: noqa: E501 - a text stays in one piece

from app.policy.weakened.found import Kind
from tests.support.changes import innocent, weakened

CODE = """\
    def total(prices):
        return sum(prices)
    """
TESTS = """\
    from shop import total


    def test_total_of_nothing():
        assert total([]) == 0


    def test_total_of_two():
        prices = [3, 4]

        assert total(prices) == 7
        assert total(prices[:1]) == 3


    def test_total_keeps_sign():
        assert total([-1, 1]) == 0
    """
PATH = "tests/test_shop.py"


def edited(old: str, new: str, text: str = TESTS) -> tuple[str, str]:
    assert old in text
    return text, text.replace(old, new)


GONE = """\


    def test_total_keeps_sign():
        assert total([-1, 1]) == 0
"""
ONE = "    def test_total_of_two():\n"

# fmt: off
WEAKENED = [
    weakened("python test function deleted", Kind.TEST_DELETED, {PATH: edited(GONE, "")}),
    weakened("python test file deleted", Kind.TEST_DELETED, {PATH: (TESTS, None), "shop.py": (CODE, CODE + "\n    X = 1\n")}),
    weakened("python test commented out", Kind.TEST_DELETED, {
        PATH: edited(GONE, GONE.replace("    def", "    # def").replace("        assert", "    #     assert")),
    }),
    weakened("python test renamed so that it does not run", Kind.TEST_SKIPPED, {
        PATH: edited("def test_total_of_two", "def _test_total_of_two"),
    }),
    weakened("python test file renamed away", Kind.TEST_DELETED, {PATH: (TESTS, None), "tests/test_shop.py.off": (None, TESTS)}),
    weakened("python skip mark", Kind.TEST_SKIPPED, {PATH: edited(ONE, '    @pytest.mark.skip(reason="flaky")\n' + ONE)}),
    weakened("python skipif over several lines", Kind.TEST_SKIPPED, {
        PATH: edited(ONE, '    @pytest.mark.skipif(\n        True,\n        reason="later",\n    )\n' + ONE),
    }),
    weakened("python xfail mark", Kind.TEST_SKIPPED, {PATH: edited(ONE, "    @pytest.mark.xfail\n" + ONE)}),
    weakened("python skip call", Kind.TEST_SKIPPED, {
        PATH: edited("        prices = [3, 4]\n", '        pytest.skip("broken")\n        prices = [3, 4]\n'),
    }),
    weakened("python module mark", Kind.TEST_SKIPPED, {
        PATH: edited("import total\n", 'import total\n\n    pytestmark = pytest.mark.skip(reason="x")\n'),
    }),
    weakened("python unittest skip", Kind.TEST_SKIPPED, {
        "tests/test_u.py": (
            "class UnitTest(TestCase):\n    def test_a(self):\n        self.assertEqual(f(1), 1)\n",
            "class UnitTest(TestCase):\n    @unittest.skip('x')\n    def test_a(self):\n        self.assertEqual(f(1), 1)\n",
        ),
    }),
    weakened("python flaky mark", Kind.THRESHOLD_LOWERED, {PATH: edited(ONE, "    @pytest.mark.flaky(reruns=3)\n" + ONE)}),
    weakened("python assertion removed", Kind.ASSERTION_REMOVED, {PATH: edited("        assert total(prices) == 7\n", "")}),
    weakened("python assertion removed while another test is added", Kind.ASSERTION_REMOVED, {
        PATH: (
            TESTS + "\n    # 1\n    # 2\n    # 3\n    # 4\n    # 5\n    # 6\n    # 7\n",
            TESTS.replace("        assert total(prices[:1]) == 3\n", "")
            + "\n    # 1\n    # 2\n    # 3\n    # 4\n    # 5\n    # 6\n    # 7\n\n\n    def test_new():\n        assert total([1]) == 1\n",
        ),
    }),
    weakened("python equality to truth", Kind.ASSERTION_LOOSENED, {PATH: edited("assert total(prices) == 7", "assert total(prices)")}),
    weakened("python equality to membership", Kind.ASSERTION_LOOSENED, {PATH: edited("assert total(prices) == 7", "assert total(prices) in (7, 8)")}),
    weakened("python equality to bound", Kind.ASSERTION_LOOSENED, {PATH: edited("assert total(prices) == 7", "assert total(prices) >= 7")}),
    weakened("python assert True", Kind.ASSERTION_LOOSENED, {PATH: edited("assert total(prices) == 7", "assert True")}),
    weakened("python or True", Kind.ASSERTION_LOOSENED, {PATH: edited("assert total(prices) == 7", "assert total(prices) == 7 or True")}),
    weakened("python exact number to tolerance", Kind.ASSERTION_LOOSENED, {
        PATH: edited("assert total(prices) == 7", "assert total(prices) == pytest.approx(7, abs=1)"),
    }),
    weakened("python tolerance grown", Kind.ASSERTION_LOOSENED, {
        "tests/test_f.py": (
            "def test_mean():\n    assert mean([1, 2]) == approx(1.5, abs=0.001)\n",
            "def test_mean():\n    assert mean([1, 2]) == approx(1.5, abs=0.5)\n",
        ),
    }),
    weakened("python bound moved", Kind.ASSERTION_LOOSENED, {
        "tests/test_f.py": ("def test_score():\n    assert score(a) > 0.9\n", "def test_score():\n    assert score(a) > 0.5\n"),
    }),
    weakened("python assertEqual to assertTrue", Kind.ASSERTION_LOOSENED, {
        "tests/test_f.py": (
            "class T(TestCase):\n    def test_x(self):\n        self.assertEqual(load(p).size, 3)\n",
            "class T(TestCase):\n    def test_x(self):\n        self.assertTrue(load(p).size)\n",
        ),
    }),
    weakened("python error widened", Kind.ASSERTION_LOOSENED, {
        "tests/test_f.py": (
            "def test_x():\n    with pytest.raises(ValueError):\n        load('')\n",
            "def test_x():\n    with pytest.raises(Exception):\n        load('')\n",
        ),
    }),
    weakened("python error message no longer looked at", Kind.ASSERTION_LOOSENED, {
        "tests/test_f.py": (
            "def test_x():\n    with pytest.raises(ValueError, match='empty'):\n        load('')\n",
            "def test_x():\n    with pytest.raises(ValueError):\n        load('')\n",
        ),
    }),
    weakened("python try around", Kind.ASSERTION_LOOSENED, {
        "tests/test_f.py": (
            "def test_x():\n    got = load('a')\n    assert got == 1\n",
            "def test_x():\n    got = load('a')\n    try:\n        assert got == 1\n    except AssertionError:\n        pass\n",
        ),
    }),
    weakened("python expected value changed", Kind.EXPECTATION_CHANGED, {PATH: edited("total(prices) == 7", "total(prices) == 8")}),
    weakened("python expected value changed with code that does not say it", Kind.EXPECTATION_CHANGED, {
        PATH: edited("total(prices) == 7", "total(prices) == 12"), "shop.py": (CODE, CODE.replace("sum(prices)", "product(prices)")),
    }),
    weakened("python expectation turned round", Kind.EXPECTATION_CHANGED, {
        "tests/test_f.py": ("def test_x():\n    assert is_open(door)\n", "def test_x():\n    assert not is_open(door)\n"),
    }),
    weakened("python case of a table deleted", Kind.TEST_DELETED, {
        "tests/test_f.py": (
            "@pytest.mark.parametrize('a, b', [\n    (1, 2),\n    (-1, 0),\n    (5, 6),\n])\ndef test_next(a, b):\n    assert f(a) == b\n",
            "@pytest.mark.parametrize('a, b', [\n    (1, 2),\n    (5, 6),\n])\ndef test_next(a, b):\n    assert f(a) == b\n",
        ),
    }),
    weakened("python case of a table skipped", Kind.TEST_SKIPPED, {
        "tests/test_f.py": (
            "@pytest.mark.parametrize('a, b', [\n    (1, 2),\n    (-1, 0),\n])\ndef test_next(a, b):\n    assert f(a) == b\n",
            "@pytest.mark.parametrize('a, b', [\n    (1, 2),\n    pytest.param(-1, 0, marks=pytest.mark.xfail),\n])\ndef test_next(a, b):\n    assert f(a) == b\n",
        ),
    }),
    weakened("python timeout grown", Kind.THRESHOLD_LOWERED, {
        "tests/test_f.py": ("def test_x():\n    run(job, timeout=5)\n", "def test_x():\n    run(job, timeout=60)\n"),
    }),
    weakened("python noqa on code that was there", Kind.LINTER_SILENCED, {
        "app.py": ("import os\nvalue = eval(text)\n", "import os\nvalue = eval(text)  # noqa: S307\n"),
    }),
    weakened("python type ignore on code that was changed", Kind.LINTER_SILENCED, {
        "app.py": ("value = load(path, mode)\n", "value = load(path, mode, 3)  # type: ignore[arg-type]\n"),
    }),
    weakened("python blanket noqa on new code", Kind.LINTER_SILENCED, {"app.py": ("a = 1\n", "a = 1\n\nb = eval(a)  # noqa\n")}),
]

INNOCENT = [
    innocent("python new test file", {"tests/test_new.py": (None, TESTS), "shop.py": (CODE, CODE + "\n    X = 1\n")}),
    innocent("python new test with skip", {
        PATH: (TESTS, TESTS + '\n\n    @pytest.mark.skipif(WINDOWS, reason="posix")\n    def test_new():\n        assert total([1]) == 1\n'),
    }),
    innocent("python new fixture that skips", {
        PATH: edited("import total\n", "import total\n\n\n    @pytest.fixture\n    def docker():\n        pytest.skip('none')\n"),
    }),
    innocent("python test moved to another file", {PATH: edited(GONE, ""), "tests/test_signs.py": (None, "from shop import total\n" + GONE)}),
    innocent("python test file moved", {PATH: (TESTS, None), "tests/unit/test_shop.py": (None, TESTS)}),
    innocent("python test renamed", {PATH: edited("test_total_of_two", "test_total_of_two_prices")}),
    innocent("python tests made one with a table", {
        PATH: (
            TESTS,
            "    from shop import total\n\n\n    @pytest.mark.parametrize(('prices', 'expected'), [([], 0), ([3, 4], 7), ([3], 3), ([-1, 1], 0)])\n    def test_total(prices, expected):\n        assert total(prices) == expected\n",
        ),
    }),
    innocent("python assertions made one", {
        "tests/test_f.py": (
            "def test_x():\n    got = load('a')\n    assert got.name == 'a'\n    assert got.size == 3\n",
            "def test_x():\n    got = load('a')\n    assert (got.name, got.size) == ('a', 3)\n",
        ),
    }),
    innocent("python unittest to pytest", {
        "tests/test_f.py": (
            "class LoadTest(TestCase):\n    def test_x(self):\n        self.assertEqual(load('a'), 3)\n        self.assertTrue(ok())\n        self.assertIn(1, many())\n",
            "def test_x():\n    assert load('a') == 3\n    assert ok()\n    assert 1 in many()\n",
        ),
    }),
    innocent("python test of a function that is gone", {
        "shop.py": (CODE + "\n    def sign(x):\n        return -1\n", CODE),
        PATH: (TESTS + "\n\n    def test_sign():\n        assert sign(2) == -1\n", TESTS),
    }),
    innocent("python test file of a module that is gone", {
        "shop/basket.py": ("def f(x):\n    return x\n", None),
        "tests/test_basket.py": ("from shop import basket\n\n\ndef test_all():\n    assert basket.f(1) == 1\n", None),
    }),
    innocent("python assertion made stricter", {
        "tests/test_f.py": ("def test_x():\n    assert load('a')\n", "def test_x():\n    assert load('a') == 3\n"),
    }),
    innocent("python bound made tighter", {
        "tests/test_f.py": ("def test_x():\n    assert score(a) > 0.5\n", "def test_x():\n    assert score(a) > 0.9\n"),
    }),
    innocent("python error made narrower", {
        "tests/test_f.py": (
            "def test_x():\n    with pytest.raises(Exception):\n        load('')\n",
            "def test_x():\n    with pytest.raises(ValueError):\n        load('')\n",
        ),
    }),
    innocent("python comparison with True", {
        "tests/test_f.py": ("def test_x():\n    assert is_ok(1) == True\n", "def test_x():\n    assert is_ok(1)\n"),
    }),
    innocent("python comparison with an empty list", {
        "tests/test_f.py": ("def test_x():\n    assert faults(1) == []\n", "def test_x():\n    assert not faults(1)\n"),
    }),
    innocent("python float compared with a tolerance", {
        "tests/test_f.py": ("def test_x():\n    assert add(0.1, 0.2) == 0.3\n", "def test_x():\n    assert add(0.1, 0.2) == approx(0.3)\n"),
    }),
    innocent("python expected value that the code says", {
        "limits.py": ("LIMIT = 10\n", "LIMIT = 25\n"),
        "tests/test_limits.py": ("def test_x():\n    assert limit() == 10\n", "def test_x():\n    assert limit() == 25\n"),
    }),
    innocent("python input and result changed", {
        "tests/test_f.py": (
            "def test_x():\n    prices = [3, 4]\n    assert total(prices) == 7\n",
            "def test_x():\n    prices = [3, 5]\n    assert total(prices) == 8\n",
        ),
    }),
    innocent("python helper takes the assertions", {
        "tests/test_f.py": (
            "def test_x():\n    got = load('a')\n    assert got.name == 'a'\n    assert got.size == 3\n",
            "def test_x():\n    assert_loaded(load('a'), name='a', size=3)\n",
        ),
    }),
    innocent("python new helper takes the assertions", {
        "tests/test_f.py": (
            "def test_x():\n    got = load('a')\n    assert got.name == 'a'\n    assert got.size == 3\n",
            "def is_whole(got):\n    return got.name == 'a' and got.size == 3\n\n\ndef test_x():\n    got = load('a')\n    assert is_whole(got)\n",
        ),
    }),
    innocent("python assertion waited for", {
        "tests/test_f.py": (
            "def test_x():\n    start()\n    assert count('a') == 1\n",
            "def test_x():\n    start()\n    until(lambda: count('a') == 1)\n",
        ),
    }),
    innocent("python tests reformatted", {PATH: edited("prices = [3, 4]", "prices = [\n            3,\n            4,\n        ]")}),
    innocent("python skip removed", {PATH: tuple(reversed(edited(ONE, "    @pytest.mark.skip\n" + ONE)))}),
    innocent("python skip reason changed", {
        "tests/test_f.py": ("@pytest.mark.skip(reason='a')\ndef test_x():\n    assert f(1) == 1\n", "@pytest.mark.skip(reason='b')\ndef test_x():\n    assert f(1) == 1\n"),
    }),
    innocent("python timeout grown a little", {
        "tests/test_f.py": ("def test_x():\n    run(job, timeout=5)\n", "def test_x():\n    run(job, timeout=6)\n"),
    }),
    innocent("python cleanup in a new test", {
        PATH: (TESTS, TESTS + "\n\n    def test_tidy():\n        try:\n            assert total([]) == 0\n        except OSError:\n            pass\n"),
    }),
    innocent("python new code with a mark for one rule", {
        "app.py": ("a = 1\n", "a = 1\n\nb = run([a])  # noqa: S603 - the arguments are constants\n"),
    }),
    innocent("python marked code moved", {
        "app.py": ("a = 1\nb = eval(a)  # noqa: S307\nc = 3\n", "a = 1\nc = 3\n\n\nb = eval(a)  # noqa: S307\n"),
    }),
    innocent("python a mark within a text", {"app.py": ("a = 1\n", 'a = 1\nHINT = "add # noqa"\n')}),
    innocent("python code changed and nothing else", {"shop.py": (CODE, CODE.replace("sum(prices)", "max(sum(prices), 0)"))}),
    innocent("python assert in code, not in tests", {"shop.py": ("def f(x):\n    assert x == 1\n    return x\n", "def f(x):\n    return x\n")}),
    innocent("python async rewrite", {
        "tests/test_f.py": (
            "def test_x(client):\n    got = client.get('/')\n    assert got.status == 200\n",
            "async def test_x(client):\n    got = await client.get('/')\n    assert got.status == 200\n",
        ),
    }),
    innocent("python variable renamed", {
        "tests/test_f.py": (
            "def test_x(client):\n    got = client.get('/')\n    assert got.status == 200\n    assert got.text == 'a'\n",
            "def test_x(client):\n    response = client.get('/')\n    assert response.status == 200\n    assert response.text == 'a'\n",
        ),
    }),
    innocent("python loop takes the assertions", {
        "tests/test_f.py": (
            "def test_x():\n    assert up('a') == 'A'\n    assert up('b') == 'B'\n    assert up('c') == 'C'\n",
            "def test_x():\n    for low, high in ('aA', 'bB', 'cC'):\n        assert up(low) == high\n",
        ),
    }),
]
