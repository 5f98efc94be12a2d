"""What git writes of a change, as lines with their numbers."""

import pytest

from app.policy.changed_text import Line
from app.sandbox.changed_texts import changed_texts
from app.sandbox.errors import PatchError

DIFF = b"""\
diff --git a/a.py b/b.py
similarity index 80%
rename from a.py
rename to b.py
index 1..2 100644
--- a/a.py
+++ b/b.py
@@ -4,3 +4,4 @@ def f():
 one
-two\r
+2
+@@ -1 +1 @@
 diff --git a/x b/x
@@ -20 +21 @@ class C:
-old
\\ No newline at end of file
+new \xff
\\ No newline at end of file
diff --git a/gone.py b/gone.py
deleted file mode 100644
index 1..0
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/new.bin b/new.bin
new file mode 100644
index 0..1
Binary files /dev/null and b/new.bin differ
diff --git a/mode.sh b/mode.sh
old mode 100644
new mode 100755
"""


def test_files_are_told_with_their_names_and_what_became_of_them() -> None:
    files = changed_texts(DIFF)

    assert [(file.path, file.was, file.status) for file in files] == [
        ("b.py", "a.py", "renamed"),
        ("gone.py", None, "removed"),
        ("new.bin", None, "added"),
        ("mode.sh", None, "modified"),
    ]
    assert [len(file.hunks) for file in files] == [2, 1, 0, 0]


def test_lines_are_counted_on_their_own_side() -> None:
    first, second = changed_texts(DIFF)[0].hunks

    assert (first.heading, second.heading) == ("def f():", "class C:")
    assert first.lines == (
        Line(4, "one", " "),
        Line(5, "two\r", "-"),
        Line(5, "2", "+"),
        Line(6, "@@ -1 +1 @@", "+"),
        Line(7, "diff --git a/x b/x", " "),
    )
    assert second.lines == (Line(20, "old", "-"), Line(21, "new \ufffd", "+"))


def test_what_stayed_between_parts_regions_unless_it_says_nothing() -> None:
    (hunk,) = changed_texts(
        b"diff --git a/a b/a\nindex 1..2 100644\n--- a/a\n+++ b/a\n@@ -1,5 +1,5 @@\n-1\n+2\n }\n-3\n+4\n five\n-6\n+7\n"
    )[0].hunks

    assert [[line.text for line in region.lines] for region in hunk.regions] == [["1", "2", "}", "3", "4"], ["6", "7"]]


def test_no_diff_is_no_change_and_what_is_no_diff_is_refused() -> None:
    assert changed_texts(b"") == ()
    with pytest.raises(PatchError, match="belongs to no file"):
        changed_texts(b"hello\n")
