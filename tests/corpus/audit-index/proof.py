import re
from pathlib import Path

for file in Path("migrations").glob("0002*.sql"):
    for statement in re.findall(r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON audit", file.read_text()):
        raise AssertionError(f"{statement} locks a large table")
