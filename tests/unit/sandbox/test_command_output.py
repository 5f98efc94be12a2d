from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.output import Output


def test_short_output_is_whole() -> None:
    output = Output(100)
    output.add(b"one\n")
    output.add(b"two\n")
    assert (output.text(), output.omitted) == ("one\ntwo\n", 0)


def test_long_output_keeps_its_head_and_tail_and_says_what_is_missing() -> None:
    output = Output(20)
    output.add(b"head" + b"." * 1000 + b"tail")
    assert output.text().startswith("head")
    assert output.text().endswith("tail")
    assert output.omitted == 1008 - 20
    assert "988 bytes are left out" in output.text()


def test_long_output_is_cut_between_lines() -> None:
    output = Output(40)
    for number in range(100):
        output.add(b"line %d\n" % number)
    assert output.text() == "line 0\nline 1\n[... 96 lines are left out here ...]\nline 98\nline 99\n"


@given(st.lists(st.binary(max_size=50), max_size=30), st.integers(min_value=2, max_value=200))
def test_no_more_than_the_limit_is_held_and_every_byte_is_counted(chunks: list[bytes], limit: int) -> None:
    output = Output(limit)
    for chunk in chunks:
        output.add(chunk)
    whole = b"".join(chunks)
    kept = len(whole) - output.omitted
    assert kept <= limit
    assert output.total == len(whole)
    if not output.omitted:
        assert output.text() == whole.decode("utf-8", "replace")
