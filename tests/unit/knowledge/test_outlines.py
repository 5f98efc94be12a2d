"""Each grammar says what it defines, by the lines that a reader counts."""

import pytest

from app.knowledge.languages import ENDINGS
from app.knowledge.outline import MOST_BYTES, outline
from app.knowledge.symbols import Symbol

CASES = {
    "a.py": (
        "import x\n\n@cached\ndef f(a):\n    return a\n\n\nclass A:\n    async def m(self):\n        pass\n",
        ["f function 3-5", "A class 8-10", "A.m method 9-10"],
    ),
    "a.js": (
        "class A {\n  m() {}\n}\nexport const g = (x) => x;\nexports.q = function () {};\n",
        ["A class 1-3", "A.m method 2-2", "g function 4-4", "q function 5-5"],
    ),
    "a.ts": (
        "interface I { a: number }\nnamespace N {\n  export function f(): void {}\n}\n",
        ["I type 1-1", "N module 2-4", "N.f function 3-3"],
    ),
    "a.tsx": ("const A = () => {\n  return <b>x</b>;\n};\n", ["A function 1-3"]),
    "a.go": (
        "package p\n\nfunc (s *S) M() {\n}\n\ntype S struct {\n\ta int\n}\n",
        ["M method 3-4", "S type 6-8"],
    ),
    "A.java": (
        "class A {\n  A() {}\n  int f() { return 1; }\n  enum E { X }\n}\n",
        ["A class 1-5", "A.A method 2-2", "A.f method 3-3", "A.E class 4-4"],
    ),
    "a.rs": (
        "struct S;\nimpl T for S {\n    fn r(&self) {}\n}\n",
        ["S type 1-1", "S implementation 2-4", "S.r function 3-3"],
    ),
    "a.rb": (
        "module M\n  class A\n    def self.g\n    end\n  end\nend\n",
        ["M module 1-6", "M.A class 2-5", "M.A.g method 3-4"],
    ),
    "a.c": (
        "static char *g(void) {\n  return 0;\n}\n#define M(x) x\nstruct S { int a; };\n",
        ["g function 1-3", "M function 4-4", "S type 5-5"],
    ),
    "a.cpp": (
        "namespace n {\nclass A {\n  int f() { return 1; }\n};\n}\nint n::A::g() {\n  return 2;\n}\n",
        ["n module 1-5", "n.A class 2-4", "n.A.f method 3-3", "g function 6-8"],
    ),
    "a.cs": (
        "namespace N {\n  class A {\n    int F(int x) { return x; }\n  }\n}\n",
        ["N module 1-5", "N.A class 2-4", "N.A.F method 3-3"],
    ),
    "a.php": (
        "<?php\nclass B {\n  public function m() {}\n}\nfunction f() {}\n",
        ["B class 2-4", "B.m method 3-3", "f function 5-5"],
    ),
    "a.kt": ("object O {\n    fun f(x: Int): Int {\n        return x\n    }\n}\n", ["O class 1-5", "O.f method 2-4"]),
    "a.swift": (
        "struct S {\n    init() {}\n    func f() {}\n}\n",
        ["S class 1-4", "S.init method 2-2", "S.f method 3-3"],
    ),
    "a.sh": ("set -e\nf() {\n  echo\n}\n", ["f function 2-4"]),
    "a.sql": (
        "CREATE TABLE users (\n  id int\n);\nALTER TABLE users ADD COLUMN x int;\n",
        ["users table 1-3", "users table 4-4"],
    ),
}


def told(symbol: Symbol) -> str:
    return f"{symbol.full_name} {symbol.kind} {symbol.start}-{symbol.end}"


@pytest.mark.parametrize("path", CASES)
def test_what_a_file_defines(path: str):
    source, expected = CASES[path]
    assert [told(symbol) for symbol in outline(path, source.encode())] == expected


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_has_a_grammar_that_can_be_loaded(ending: str):
    assert outline(f"a.{ending}", b"") == ()


@pytest.mark.parametrize("path", ["a.unknown", "Makefile", "py", "a.py/b"])
def test_an_unknown_language_says_nothing(path: str):
    assert outline(path, b"def f(): pass\n") == ()


def test_what_is_no_text_or_too_large_says_nothing():
    code = b"def f(): pass\n"
    assert outline("a.py", code + b"\0") == ()
    assert outline("a.py", code + b"#" * MOST_BYTES) == ()


def test_only_line_feeds_end_lines():
    (symbol,) = outline("a.py", "# \u2028 \x0c \x85\r\ndef f():\r\n    pass\r\n".encode())
    assert (symbol.start, symbol.end) == (2, 3)


def test_broken_code_says_what_can_be_told():
    found = [told(symbol) for symbol in outline("a.py", b"def f():\n    x = = 1\n\ndef g():\n    pass\n")]
    assert "g function 4-5" in found


def test_a_name_is_one_line_and_not_long():
    (symbol,) = outline("a.py", f"def {'f' * 9999}(): pass\n".encode())
    assert len(symbol.name) == 120
