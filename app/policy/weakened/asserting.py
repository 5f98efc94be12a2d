"""What a line of a test asserts, and how much that asks. By the line alone, in the words of the common libraries."""

import re
from dataclasses import dataclass
from enum import IntEnum

from app.policy.weakened.whole import WORD

_ASSERTS = re.compile(
    r"\bassert\b|\b(?:assert|refute|expect|should|must|verify|ensure|validate|check)(?:[A-Z_][A-Za-z_]*)?!?\s*\("
    r"|\b(?:assert|require|Assert)\.\w+\(|\bpytest\.raises\b|\bassert_\w+|\.should\b|\.(?:must|wont)_\w+|\bexpect\b"
    r"|\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\("
)
_COMMENT = re.compile(r"^(?:#(?!\[)|//|/?\*|--)")
_VACUOUS = re.compile(
    r"""(?ix)
      \bassert\s*\(?\s*(?:true|1|not\s+false|"[^"]*"|1\s*==\s*1)\s*\)?\s*(?:,|;|\#|//|$)
    | \bassert_?(?:True|That|That!|!)?!?\(\s*true\s*[,)]
    | \bexpect\(\s*(?:true|1)\s*\)\.to(?:Be|Equal|BeTruthy|StrictEqual)\(\s*(?:true|1)?\s*\)
    | \bexpect\(true\)\.to\s+(?:be\s+true|eq\s+true)
    | \b(?:assert|require)\.True\(\s*t\s*,\s*true\b
    | \bassert.*(?:\bor\s+True\b|\|\|\s*true\b)
    | \bassert(?:_?equals?|_eq!)\(\s*(?:true\s*,\s*true|1\s*,\s*1)\s*\)
    """
)
_PARTIAL = re.compile(
    r"""(?x)
      \bassert\b(?!.*(?:\ ==\ |\ is\ )).*(?:\ in\ |\ not\ in\ |>=|<=|\ [<>]\ |!=|\bisinstance\(|\.(?:starts|ends)with\()
    | \bassert\b.*\ ==\ .*\ or\ | \bANY\b | expect\.(?:any|anything|objectContaining|stringContaining|arrayContaining)\(
    | \bassert(?:Not)?(?:In|Greater|Less|Regex|IsInstance|Contains|Matches|Almost)\w*\(
    | \bassert_(?:in|includes?|match|operator|instance_of|kind_of|not_equal|called|called_once)\b
    | \.to(?:Contain|Match(?!.*Snapshot)|BeGreater|BeLess|BeCloseTo|BeInstanceOf|HaveProperty|HaveBeenCalled\(\))
    | \b(?:assert|require)\.(?:Contains|Subset|InDelta|InEpsilon|NotEqual|Greater|Less|Regexp|IsType|ElementsMatch)\w*\(
    | \bassert_ne!|\bassert!\(.*(?:>=|<=|\ [<>]\ |!=|\.contains\(|\.starts_with\()
    | \.to\s+(?:include|match|start_with|end_with|be_a\b|be_an\b|be\s*[<>]|be_within|have_key|contain|be_between)
    | \.(?:contains|isGreaterThan|isLessThan|isInstanceOf|isNotEqualTo|startsWith|hasSizeGreater)\w*\(
    | \bassertThat\(.*(?:containsString|hasItem|instanceOf|greaterThan|lessThan|anyOf)
    """
)
_TRUE = re.compile(
    r"""(?x)
      \bassertTrue\(|\bassertIsNotNone\(|\bassertNotNull\(|\bassert_not_nil|\bassert_predicate
    | \.to(?:BeTruthy|BeDefined)\(|\.not\.to(?:BeNull|BeUndefined|BeFalsy)\(
    | \b(?:assert|require)\.(?:True|NotNil|NotEmpty|NotZero|ok)\(
    | \.to\s+(?:be_truthy|be_present|be\b$)|\.not_to\s+(?:be_nil|be_empty)
    | \bassert\b.*\bis\s+not\s+None\b|\bassert!\((?!.*(?:==))|\.is(?:NotNull|True|NotEmpty)\(
    | \.is_(?:some|ok)\(\)
    | \bassert\ (?!not\b)(?:await\ )?[^=<>!]*$
    """
)
_EXACT = re.compile(
    r"""(?x)
      \bassert\b.*\ (?:==|is)\ |\bassert\ not\b|\bassert_eq!|\bassert!\(.*==
    | \bassert(?:Equals?|Is|IsNone|Null|False|Same|(?:Array|Iterable)Equals|(?:Dict|List|Count|Items)Equal)\(
    | \bassert_(?:equal|nil|empty|same|called_once_with|called_with|has_calls|frame_equal|array_equal)\b
    | \.to(?:Be|Equal|StrictEqual|HaveLength|BeNull|BeUndefined|BeFalsy|HaveBeenCalled(?:With|Times))\(
    | \b(?:assert|require)\.(?:Equal(?:Values|Error)?|Exactly|JSONEq|Same|Nil|NoError|False|Empty|Zero|Len|ErrorIs)\(
    | \bassert\.(?:equal|strictEqual|deepEqual|deepStrictEqual|notOk)\(
    | \.to\s+(?:eq|eql|equal|be_nil|be_empty|be_falsey|match_array|contain_exactly)\b
    | \.to\.(?:deep\.)?(?:equal|eql)\(|must_equal
    | \.(?:isEqualTo|isSameAs|isNull|isFalse|isEmpty|hasSize|containsExactly)\(|\bassertThat\(.*,\s*(?:is|equalTo)\(
    """
)
_IS_TRUE = re.compile(
    r"(?:==|\bis) (?:True|true)\b|\.to(?:Be|Equal|StrictEqual)\(true\)|\b[eE]quals?\(.*\btrue\b"
    r"|(?:assertEqual|assertIs)\(.*\bTrue\b|assert_eq!\(.*\btrue\b|to (?:eq|be)\(?\s?true"
)
_VERB = re.compile(r"assert|to[A-Z]|to$|be_")
_VOCABULARY = frozenset({
    "self", "expect", "be", "not", "is", "in", "and", "or", "t", "require", "assertions", "eq", "none", "true", "false",
    "null", "nil", "len", "await", "should", "must", "a", "equal", "isequalto", "contains", "the", "let", "const", "if",
})  # fmt: skip


class Strength(IntEnum):
    NOTHING = 0
    """It holds whatever the code does."""
    TRUTH = 1
    PART = 2
    EXACT = 3


@dataclass(frozen=True)
class Assertion:
    """`words`: the names in it, by which two assertions are known to be of one thing."""

    strength: Strength | None
    words: frozenset[str]


def is_assertion(told: str) -> bool:
    return _ASSERTS.search(told) is not None and not _COMMENT.match(told)


def read_assertion(told: str) -> Assertion:
    """What a line asserts; a strength of None where that cannot be told."""
    return Assertion(_strength(told), words_of(told))


def words_of(told: str) -> frozenset[str]:
    """The names that a line speaks of, without the words of assertions."""
    words = (word for word in WORD.findall(told) if not word[0].isdigit())
    return frozenset(word for word in words if word.lower() not in _VOCABULARY and not _VERB.match(word))


def _strength(told: str) -> Strength | None:
    if _VACUOUS.search(told):
        return Strength.NOTHING
    if _IS_TRUE.search(told):
        return Strength.TRUTH
    if _PARTIAL.search(told):
        return Strength.PART
    if _EXACT.search(told):
        return Strength.EXACT
    return Strength.TRUTH if _TRUE.search(told) else None
