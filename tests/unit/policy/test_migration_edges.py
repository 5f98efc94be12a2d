"""Ways back that only seem to be there, and ones that are overlooked."""

import pytest

from app.policy.migrations import has_way_back, is_migration, undone_by

UP = "def upgrade():\n    op.add_column('a', b)\n\n\n"
DOWN = UP + "def downgrade():\n    {}\n"
DJANGO = "class Migration(migrations.Migration):\n    operations = [{}]\n"
IMPORTS = "from django.db import migrations\n\n\n"
UNDO = "def undo(apps, editor):\n    pass\n\n\n"


@pytest.mark.parametrize(
    ("path", "files", "whether"),
    [
        ("migrations/7.down.sql", {"migrations/7.up.sql"}, False),
        ("migrations/7.down.sql", {"migrations/8.up.sql"}, True),
        ("migrations/7.up.sql", {"migrations/7.down.sql"}, True),
        ("migrations/U2__price.sql", set(), False),
        ("migrations/Update.sql", set(), True),
        ("migrations/env.py", set(), False),
        ("migrations/versions/env.py", set(), True),
        ("migrations/script.py", set(), True),
        ("migrations/script.sql", set(), False),
        ("Shop/Migrations/1.py", set(), True),
        ("sql/R__view.sql", set(), True),
        ("migrations/1.md", set(), False),
        ("src/migrations.py", set(), False),
    ],
)
def test_what_lies_among_migrations_and_only_leads_back_is_none(path, files, whether):
    assert is_migration(path, files) is whether


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("sql/7.up.sql", "sql/7.down.sql"),
        ("sql/V2__price.sql", "sql/U2__price.sql"),
        ("sql/R__view.sql", None),
        ("migrations/Views.sql", None),
        ("migrations/V2__x.py", None),
        ("migrations/1.py", None),
    ],
)
def test_the_file_that_leads_back_is_told_by_the_name(path, other):
    assert undone_by(path) == other


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        (DOWN.format("'''Take it out.'''\n    op.drop_column('a', 'b')"), True),
        (DOWN.format("'''Take it out.'''\n    pass"), False),
        (DOWN.format("pass\n    op.drop_column('a', 'b')"), True),
        (DOWN.format("print('no')"), False),
        (DOWN.format("print('yes')\n    drop('a')"), True),
        (DOWN.format("op.drop_column('a', 'b')\n    raise NotImplementedError"), False),
        (UP + "def undo():\n    op.drop_column('a', 'b')\n", False),
        (UP + "def undo():\n    pass\n\n\ndef downgrade():\n    op.drop_column('a', 'b')\n", True),
        (IMPORTS + DJANGO.format("migrations.AddField('a', 'b')"), True),
        (IMPORTS + UNDO + DJANGO.format("migrations.RunPython(do, undo)"), True),
        (IMPORTS + DJANGO.format("migrations.RunPython(do)"), False),
        (IMPORTS + DJANGO.format("migrations.RunPython(do, None)"), False),
        (IMPORTS + DJANGO.format("migrations.RunSQL('a', '')"), False),
        (IMPORTS + DJANGO.format("migrations.RunSQL('a', 'b')"), True),
        (IMPORTS + DJANGO.format("migrations.RunPython(do, migrations.RunPython.noop)"), True),
        (IMPORTS + DJANGO.format("[migrations.RunPython][0](do, undo)"), False),
        ("from django.db.migrations import RunPython\n" + DJANGO.format("RunPython(do, undo)"), True),
        ("from django.db.migrations import RunPython as Run\n" + DJANGO.format("Run(do)"), False),
        ("from django.db.migrations import AddField as Add\n" + DJANGO.format("Add('a')"), True),
        (DJANGO.format("migrations.AddField('a', 'b'), migrations.RunPython(do)"), False),
        (DJANGO.format("migrations.RunPython(do, reverse_code=undo), migrations.RunSQL('a')"), False),
        (DJANGO.format("migrations.RunPython(do, reverse_sql='a')"), False),
        (DJANGO.format("migrations.RunPython(do, reverse_code=None)"), False),
        (DJANGO.format("migrations.RunPython(code=do, reverse_code=undo)"), True),
        (DJANGO.format("tables[0]('a')"), True),
        ("class Other:\n    pass\n", False),
        ("x = 1\n", False),
    ],
)
def test_of_python_each_step_needs_its_way_back(text, whether):
    assert has_way_back("m/migrations/1.py", text) is whether


@pytest.mark.parametrize(
    ("path", "text", "whether"),
    [
        ("migrations/Views.sql", "a;\n-- migrate:down\nb;\n", True),
        ("migrations/Views.sql", "a;\n", False),
        ("migrations/Views.sql", "a;\n-- migrate:down\n/* b;\n c; */ ;\n", False),
        ("sql/R__view.sql", "a;\n-- rollback b;\n", True),
        ("sql/R__view.sql", "a;\n", False),
        ("sql/V2__price.sql", "drop a;\n", True),
        ("sql/V2__price.sql", "-- nothing\n;\n", False),
        ("migrations/1.rb", "def change\n  add_column :a, :b\nend\n", True),
        ("migrations/1.rb", "def change\n  execute 'x'\nend\n", False),
        ("migrations/1.rb", "def change\n  reversible { execute 'x' }\nend\n", True),
        ("migrations/1.rb", "def down\n  execute 'x'\nend\n", True),
        ("migrations/1.rb", "def down; end\n", False),
        ("migrations/1.rb", "# def down\n=begin\ndef change\n=end\n", False),
        ("migrations/1.rb", "def down\n  raise ActiveRecord::IrreversibleMigration\nend\n", False),
        ("migrations/1.php", "public function up() {}\n", False),
        ("migrations/1.php", "public function down() { drop(); }\n", True),
        ("migrations/1.php", "public function down() { }\n", False),
        ("migrations/1.php", "// function down() { drop(); }\n", False),
        ("migrations/1.php", "public function down() { throw new IrreversibleMigration; }\n", False),
        ("migrations/1.js", "exports.down = () => { drop(); };\n", True),
        ("migrations/1.js", "exports.down = () => { return; };\n", False),
        ("migrations/1.js", "/* exports.down = f */\n", False),
        ("migrations/1.ts", "exports.down = () => { throw 'irreversible' };\n", False),
    ],
)
def test_a_way_back_has_to_do_something(path, text, whether):
    assert has_way_back(path, text) is whether
