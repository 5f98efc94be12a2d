"""Changes to tests in JavaScript, TypeScript, Go, Java, Rust and Ruby, and to what they compare with."""

# ruff: noqa: E501 - a text stays in one piece

from app.policy.weakened.found import Kind
from tests.support.changes import innocent, weakened

JS = """\
import { total } from './shop';

describe('total', () => {
  it('is zero for nothing', () => {
    expect(total([])).toBe(0);
  });

  it('adds two prices', () => {
    const prices = [3, 4];
    expect(total(prices)).toBe(7);
    expect(total(prices.slice(1))).toEqual(4);
  });

  it('throws for text', () => {
    expect(() => total('x')).toThrow(TypeError);
  });
});
"""
GO = """\
package shop

import "testing"

func TestTotal(t *testing.T) {
	got := Total([]int{3, 4})
	require.Equal(t, 7, got)
	assert.NoError(t, check(got))
}

func TestNothing(t *testing.T) {
	if got := Total(nil); got != 0 {
		t.Errorf("got %d", got)
	}
}
"""
JAVA = """\
class ShopTest {
    @Test
    void addsPrices() {
        int got = shop.total(List.of(3, 4));
        assertEquals(7, got);
    }

    @Test
    void refusesText() {
        assertThrows(IllegalArgumentException.class, () -> shop.total("x"));
    }
}
"""
RUST = """\
pub fn total(prices: &[i64]) -> i64 {
    prices.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_prices() {
        assert_eq!(total(&[3, 4]), 7);
    }

    #[test]
    fn nothing_is_zero() {
        assert_eq!(total(&[]), 0);
    }
}
"""
RUBY = """\
describe Shop do
  it 'adds prices' do
    expect(Shop.total([3, 4])).to eq(7)
  end

  it 'refuses text' do
    expect { Shop.total('x') }.to raise_error(ArgumentError)
  end
end
"""
SNAP = "exports[`page 1`] = `\n<h1>\n  Shop\n</h1>\n`;\n"
J, G, V, R, B = "src/shop.test.ts", "shop_test.go", "src/test/java/ShopTest.java", "src/shop.rs", "spec/shop_spec.rb"


def edited(text: str, *edits: tuple[str, str]) -> tuple[str, str]:
    after = text
    for old, new in edits:
        assert old in after
        after = after.replace(old, new)
    return text, after


# fmt: off
WEAKENED = [
    weakened("script it.skip", Kind.TEST_SKIPPED, {J: edited(JS, ("it('adds", "it.skip('adds"))}),
    weakened("script xit", Kind.TEST_SKIPPED, {J: edited(JS, ("it('adds", "xit('adds"))}),
    weakened("script xdescribe", Kind.TEST_SKIPPED, {J: edited(JS, ("describe('total'", "xdescribe('total'"))}),
    weakened("script it.todo in place of a test", Kind.TEST_SKIPPED, {
        J: edited(JS, ("  it('throws for text', () => {\n    expect(() => total('x')).toThrow(TypeError);\n  });\n", "  it.todo('throws for text');\n")),
    }),
    weakened("script it.only", Kind.TESTS_NARROWED, {J: edited(JS, ("it('adds", "it.only('adds"))}),
    weakened("script test deleted", Kind.TEST_DELETED, {
        J: edited(JS, ("\n  it('throws for text', () => {\n    expect(() => total('x')).toThrow(TypeError);\n  });\n", "")),
    }),
    weakened("script expectation removed", Kind.ASSERTION_REMOVED, {J: edited(JS, ("    expect(total(prices.slice(1))).toEqual(4);\n", ""))}),
    weakened("script toBe to toBeTruthy", Kind.ASSERTION_LOOSENED, {J: edited(JS, ("expect(total(prices)).toBe(7)", "expect(total(prices)).toBeTruthy()"))}),
    weakened("script toBe to a bound", Kind.ASSERTION_LOOSENED, {J: edited(JS, ("expect(total(prices)).toBe(7)", "expect(total(prices)).toBeGreaterThan(0)"))}),
    weakened("script true is true", Kind.ASSERTION_LOOSENED, {J: edited(JS, ("expect(total(prices)).toBe(7)", "expect(true).toBe(true)"))}),
    weakened("script error of any class", Kind.ASSERTION_LOOSENED, {J: edited(JS, ("toThrow(TypeError)", "toThrow()"))}),
    weakened("script expected value changed", Kind.EXPECTATION_CHANGED, {J: edited(JS, ("expect(total(prices)).toBe(7)", "expect(total(prices)).toBe(6)"))}),
    weakened("script timeout grown", Kind.THRESHOLD_LOWERED, {
        J: ("jest.setTimeout(5000);\n" + JS, "jest.setTimeout(60000);\n" + JS),
    }),
    weakened("script snapshot rewritten alone", Kind.SNAPSHOT_REWRITTEN, {
        "src/__snapshots__/page.test.tsx.snap": edited(SNAP, ("  Shop", "  Shp")),
    }),
    weakened("golden file rewritten with a document", Kind.SNAPSHOT_REWRITTEN, {
        "testdata/report.golden": ("a\nb\nc\n", "a\nb\n d\n"), "README.md": ("# Shop\n", "# A shop\n"),
    }),
    weakened("script eslint-disable-next-line above old code", Kind.LINTER_SILENCED, {
        "src/shop.ts": ("export const a = 1;\nconsole.log(a);\n", "export const a = 1;\n// eslint-disable-next-line no-console\nconsole.log(a);\n"),
    }),
    weakened("script ts-ignore above old code", Kind.LINTER_SILENCED, {
        "src/shop.ts": ("export const a = 1;\nlog(a);\n", "export const a = 1;\n// @ts-ignore\nlog(a);\n"),
    }),
    weakened("go t.Skip", Kind.TEST_SKIPPED, {G: edited(GO, ("\tgot := Total", '\tt.Skip("slow")\n\tgot := Total'))}),
    weakened("go test deleted", Kind.TEST_DELETED, {
        G: edited(GO, ('\nfunc TestNothing(t *testing.T) {\n\tif got := Total(nil); got != 0 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n', "")),
    }),
    weakened("go assertion loosened", Kind.ASSERTION_LOOSENED, {G: edited(GO, ("require.Equal(t, 7, got)", "require.NotNil(t, got)"))}),
    weakened("go assertion removed", Kind.ASSERTION_REMOVED, {G: edited(GO, ("\tassert.NoError(t, check(got))\n", ""))}),
    weakened("go expected value changed", Kind.EXPECTATION_CHANGED, {G: edited(GO, ("require.Equal(t, 7, got)", "require.Equal(t, 9, got)"))}),
    weakened("go nolint on old code", Kind.LINTER_SILENCED, {
        "shop.go": ("package shop\n\nvar a = rand.Int()\n", "package shop\n\nvar a = rand.Int() //nolint:gosec\n"),
    }),
    weakened("java Disabled", Kind.TEST_SKIPPED, {V: edited(JAVA, ("    @Test\n    void adds", "    @Disabled\n    @Test\n    void adds"))}),
    weakened("java test deleted", Kind.TEST_DELETED, {
        V: edited(JAVA, ('\n    @Test\n    void refusesText() {\n        assertThrows(IllegalArgumentException.class, () -> shop.total("x"));\n    }\n', "")),
    }),
    weakened("java error widened", Kind.ASSERTION_LOOSENED, {V: edited(JAVA, ("IllegalArgumentException.class", "Exception.class"))}),
    weakened("java assertEquals to assertTrue", Kind.ASSERTION_LOOSENED, {V: edited(JAVA, ("assertEquals(7, got)", "assertTrue(got > 0)"))}),
    weakened("java expected value changed", Kind.EXPECTATION_CHANGED, {V: edited(JAVA, ("assertEquals(7, got)", "assertEquals(8, got)"))}),
    weakened("rust ignore", Kind.TEST_SKIPPED, {R: edited(RUST, ("    #[test]\n    fn adds", "    #[test]\n    #[ignore]\n    fn adds"))}),
    weakened("rust test deleted", Kind.TEST_DELETED, {
        R: edited(RUST, ("\n    #[test]\n    fn nothing_is_zero() {\n        assert_eq!(total(&[]), 0);\n    }\n", "")),
    }),
    weakened("rust assertion loosened", Kind.ASSERTION_LOOSENED, {R: edited(RUST, ("assert_eq!(total(&[3, 4]), 7);", "assert!(total(&[3, 4]) > 0);"))}),
    weakened("rust allow above old code", Kind.LINTER_SILENCED, {
        R: edited(RUST, ("pub fn total", "#[allow(clippy::ptr_arg)]\npub fn total")),
    }),
    weakened("ruby xit", Kind.TEST_SKIPPED, {B: edited(RUBY, ("it 'adds", "xit 'adds"))}),
    weakened("ruby pending call", Kind.TEST_SKIPPED, {B: edited(RUBY, ("do\n    expect(Shop", "do\n    pending 'later'\n    expect(Shop"))}),
    weakened("ruby eq to be_truthy", Kind.ASSERTION_LOOSENED, {B: edited(RUBY, ("to eq(7)", "to be_truthy"))}),
    weakened("ruby any error", Kind.ASSERTION_LOOSENED, {B: edited(RUBY, ("raise_error(ArgumentError)", "raise_error"))}),
    weakened("ruby test deleted", Kind.TEST_DELETED, {
        B: edited(RUBY, ("\n  it 'refuses text' do\n    expect { Shop.total('x') }.to raise_error(ArgumentError)\n  end\n", "")),
    }),
]

INNOCENT = [
    innocent("script new tests", {J: edited(JS, ("  it('throws", "  it('adds one', () => {\n    expect(total([1])).toBe(1);\n  });\n\n  it('throws"))}),
    innocent("script new test that is skipped", {J: edited(JS, ("  it('throws", "  it.skip('adds many', () => {\n    expect(total(many)).toBe(1);\n  });\n\n  it('throws"))}),
    innocent("script toBe to toEqual", {J: edited(JS, ("toBe(7)", "toEqual(7)"))}),
    innocent("script title changed", {J: edited(JS, ("it('adds two prices'", "it('adds prices'"))}),
    innocent("script test made a table", {
        J: edited(JS, (
            "  it('is zero for nothing', () => {\n    expect(total([])).toBe(0);\n  });\n\n  it('adds two prices', () => {\n    const prices = [3, 4];\n    expect(total(prices)).toBe(7);\n    expect(total(prices.slice(1))).toEqual(4);\n  });\n",
            "  it.each([[[], 0], [[3, 4], 7], [[4], 4]])('adds %p', (prices, sum) => {\n    expect(total(prices)).toBe(sum);\n  });\n",
        )),
    }),
    innocent("script file moved from js to ts", {"src/shop.test.js": (JS, None), J: (None, JS)}),
    innocent("script snapshot rewritten with its code", {
        "src/__snapshots__/page.test.tsx.snap": edited(SNAP, ("  Shop", "  Store")), "src/page.tsx": ("<h1>Shop</h1>\n", "<h1>Store</h1>\n"),
    }),
    innocent("script snapshot rewritten with a dependency", {
        "src/__snapshots__/page.test.tsx.snap": edited(SNAP, ("<h1>", "<h1 >")), "package-lock.json": ('{"a": "1.0"}\n', '{"a": "2.0"}\n'),
    }),
    innocent("script skip taken away", {J: tuple(reversed(edited(JS, ("it('adds", "it.skip('adds"))))}),
    innocent("script described with a group around", {
        J: (JS, "describe('shop', () => {\n" + "".join(f"  {line}\n" if line else "\n" for line in JS.splitlines()[2:]) + "});\n"),
    }),
    innocent("script new code with a mark for one rule", {
        "src/shop.ts": ("export const a = 1;\n", "export const a = 1;\n\n// eslint-disable-next-line no-console\nconsole.log(a);\n"),
    }),
    innocent("go test renamed", {G: edited(GO, ("TestNothing", "TestTotalOfNothing"))}),
    innocent("go tests made a table", {
        G: edited(GO, (
            '\tgot := Total([]int{3, 4})\n\trequire.Equal(t, 7, got)\n\tassert.NoError(t, check(got))\n}\n\nfunc TestNothing(t *testing.T) {\n\tif got := Total(nil); got != 0 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n',
            "\tfor _, c := range []struct {\n\t\tprices []int\n\t\twant   int\n\t}{\n\t\t{[]int{3, 4}, 7},\n\t\t{nil, 0},\n\t} {\n\t\trequire.Equal(t, c.want, Total(c.prices))\n\t}\n}\n",
        )),
    }),
    innocent("go new test that skips", {G: (GO, GO + '\nfunc TestSlow(t *testing.T) {\n\tif testing.Short() {\n\t\tt.Skip("slow")\n\t}\n\trun(t)\n}\n')}),
    innocent("go function and its test gone", {
        "shop.go": ("package shop\n\nfunc Sign(a int) int { return -a }\n\nvar A = 1\n", "package shop\n\nvar A = 1\n"),
        G: (GO + "\nfunc TestSign(t *testing.T) {\n\trequire.Equal(t, -1, Sign(1))\n}\n", GO),
    }),
    innocent("java test renamed", {V: edited(JAVA, ("addsPrices", "addsTwoPrices"))}),
    innocent("java assertions in another library's words", {
        V: edited(JAVA, ("assertEquals(7, got)", "assertThat(got).isEqualTo(7)")),
    }),
    innocent("java new disabled test", {
        V: edited(JAVA, ("    @Test\n    void refuses", "    @Test\n    @Disabled\n    void addsMany() {\n        assertEquals(9, shop.total(many));\n    }\n\n    @Test\n    void refuses")),
    }),
    innocent("rust new ignored test", {
        R: edited(RUST, ("    #[test]\n    fn nothing", "    #[test]\n    #[ignore]\n    fn many() {\n        assert_eq!(total(&many()), 9);\n    }\n\n    #[test]\n    fn nothing")),
    }),
    innocent("rust assertion in code gone", {"src/lib.rs": ("pub fn f(a: i64) -> i64 {\n    assert!(a > 0);\n    a\n}\n", "pub fn f(a: i64) -> i64 {\n    a\n}\n")}),
    innocent("ruby test moved", {
        B: edited(RUBY, ("\n  it 'refuses text' do\n    expect { Shop.total('x') }.to raise_error(ArgumentError)\n  end\n", "")),
        "spec/text_spec.rb": (None, "describe Shop do\n  it 'refuses text' do\n    expect { Shop.total('x') }.to raise_error(ArgumentError)\n  end\nend\n"),
    }),
    innocent("ruby title changed", {B: edited(RUBY, ("'adds prices'", "'adds all prices'"))}),
]
