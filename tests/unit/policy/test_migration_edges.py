"""Ways back that only seem to be there, and ones that are overlooked."""

import pytest

from app.policy.migrations import has_way_back, is_migration

UP = "def upgrade():\n    op.add_column('a', b)\n\n\n"
DJANGO = "class Migration(migrations.Migration):\n    operations = [{}]\n"
IMPORTS = "from django.db import migrations\n\n\n"
UNDO = "def undo(apps, editor):\n    pass\n\n\n"


@pytest.mark.parametrize("path", ["migrations/7.down.sql", "migrations/U2__price.sql", "migrations/versions/script.py"])
def test_what_lies_among_migrations_and_only_leads_back_is_none(path):
    assert not is_migration(path)


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        (UP + "def downgrade():\n    '''Take it out.'''\n    op.drop_column('a', 'b')\n", True),
        (UP + "def downgrade():\n    '''Take it out.'''\n    pass\n", False),
        (UP + "def downgrade():\n    pass\n    op.drop_column('a', 'b')\n", True),
        (UP + "def downgrade():\n    op.drop_column('a', 'b')\n    raise NotImplementedError\n", False),
        (UP + "def undo():\n    op.drop_column('a', 'b')\n", False),
        (IMPORTS + DJANGO.format("migrations.AddField('a', 'b')"), True),
        (IMPORTS + UNDO + DJANGO.format("migrations.RunPython(do, undo)"), True),
        (IMPORTS + DJANGO.format("migrations.RunPython(do)"), False),
        (DJANGO.format("migrations.AddField('a', 'b'), migrations.RunPython(do)"), False),
        (DJANGO.format("migrations.RunPython(do, reverse_code=undo), migrations.RunSQL('a')"), False),
        (DJANGO.format("migrations.RunPython(do, reverse_sql='a')"), False),
        (DJANGO.format("tables[0]('a')"), True),
    ],
)
def test_of_python_each_step_needs_its_way_back(text, whether):
    assert has_way_back("m/migrations/1.py", text, frozenset()) is whether


@pytest.mark.parametrize(
    ("path", "text", "files", "whether"),
    [
        ("migrations/Views.sql", "a;\n-- migrate:down\nb;\n", set(), True),
        ("migrations/Views.sql", "a;\n", {"migrations/Uiews.sql"}, False),
        ("sql/R__view.sql", "a;\n-- rollback b;\n", set(), True),
        ("sql/R__view.sql", "a;\n", {"sql/U__view.sql"}, False),
        ("sql/V2__price.sql", "a;\n-- migrate:down\nb;\n", set(), False),
        ("migrations/1.php", "public function up() {}\n", set(), False),
        ("migrations/1.php", "public function down() { throw new IrreversibleMigration; }\n", set(), False),
        ("migrations/1.js", "exports.down = () => { throw 'irreversible' };\n", set(), False),
    ],
)
def test_where_the_way_back_is_looked_for_is_told_by_the_name(path, text, files, whether):
    assert has_way_back(path, text, files) is whether
