from pathlib import Path

from exports.mail import export_mail
from exports.retention import KEEP_DAYS

assert f"{KEEP_DAYS} days" in export_mail("x"), export_mail("x")
assert f"kept for {KEEP_DAYS} days" in Path("docs/exports.md").read_text()
