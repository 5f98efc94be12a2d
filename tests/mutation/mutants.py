"""Makes the mutants of `app/policy` with mutmut, and notes which test reaches which function: docs/mutants.md.

Run in a copy of the repository: decorated functions, which mutmut leaves alone, are taken apart there.
"""

import functools
import gc
from pathlib import Path

import libcst as cst
from mutmut import configuration
from mutmut.mutation import file_mutation, mutators
from mutmut.runners import harness

EXAMPLES = 25
CONFIG = {
    "source_paths": ["app"],
    "only_mutate": ["app/policy/*.py"],
    "also_copy": ["docs", "app.yml", "README.md", "Makefile"],
    "pytest_add_cli_args_test_selection": ["tests/unit/policy"],
    "pytest_add_cli_args": ["-p", "no:cacheprovider", "-k", "not case_30"],
    "track_dependencies": False,
    "use_git_change_detection": False,
    "use_setproctitle": False,
}
WORDS = {"because", "todo", "quotes", "told", "description", "title", "notes", "encoding"}
"""Names whose values are only read by people."""
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}


def is_text(node):
    """Sentences: what has a blank or is put together. What tells states apart is one word."""
    if isinstance(node, cst.SimpleString):
        return " " in node.value
    if isinstance(node, cst.IfExp):
        return is_text(node.body) and is_text(node.orelse)
    return isinstance(node, cst.FormattedString | cst.ConcatenatedString) or (
        isinstance(node, cst.Name) and node.value in WORDS
    )


def strings(node):
    if isinstance(node, cst.SimpleString) and '"""' not in node.value and not is_text(node) and len(node.value) > 2:
        yield node.with_changes(value=f"{node.value[:-1]}XX{node.value[-1]}")


def arguments(node):
    for at, arg in enumerate(node.args):
        if is_text(arg.value) or (arg.keyword and arg.keyword.value in WORDS):
            continue
        if arg.star == "" and not (isinstance(arg.value, cst.Name) and arg.value.value == "None"):
            nothing = arg.with_changes(value=cst.Name("None"))
            yield node.with_changes(args=[*node.args[:at], nothing, *node.args[at + 1 :]])
        if len(node.args) > 1 and (arg.keyword or arg.star):
            yield node.with_changes(args=[*node.args[:at], *node.args[at + 1 :]])


def assignments(node):
    if node.value is not None and not is_text(node.value):
        yield from mutators.operator_assignment(node)


def choices(node):
    if not is_text(node):
        yield from mutators.operator_if_exp(node)


def negated(node):
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


def swapped(node):
    if isinstance(node.func, cst.Name) and node.func.value in SWAPPED:
        yield node.with_changes(func=cst.Name(SWAPPED[node.func.value]))


def bare(source):
    """The module with the body of each decorated function in a function without decorators."""
    module, body = cst.parse_module(source), []

    def split(func, owner, before):
        names = {each.decorator.value for each in func.decorators if isinstance(each.decorator, cst.Name)}
        if not func.decorators or (len(func.decorators) == 1 and names & {"staticmethod", "classmethod", "overload"}):
            return func
        name, plain = f"_bare_{owner}_{func.name.value}", {"default": None, "equal": cst.MaybeSentinel.DEFAULT}
        params = [each.with_changes(annotation=None, **plain) for each in func.params.params]
        before.append(cst.FunctionDef(cst.Name(name), func.params.with_changes(params=params), func.body))
        call = cst.Call(cst.Name(name), [cst.Arg(each.name) for each in func.params.params])
        return func.with_changes(body=cst.IndentedBlock([cst.SimpleStatementLine([cst.Return(call)])]))

    for node in module.body:
        before, made = [], node
        if isinstance(node, cst.FunctionDef):
            made = split(node, "", before)
        elif isinstance(node, cst.ClassDef) and isinstance(node.body, cst.IndentedBlock):
            inside = [
                split(each, node.name.value, before) if isinstance(each, cst.FunctionDef) else each
                for each in node.body.body
            ]
            made = node.with_changes(body=node.body.with_changes(body=inside))
        body += [*before, made]
    return module.with_changes(body=body).code


class Plain:
    """Few examples a property, and no cache that outlives a test: it would hide what the next one reaches."""

    def pytest_collection_modifyitems(self, items):
        from hypothesis import Phase, settings  # pytest wants to be the first to import it

        for item in items:
            drawn = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
            if drawn is not None and drawn.max_examples > EXAMPLES:
                fewer = settings(drawn, max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
                item.obj._hypothesis_internal_use_settings = fewer

    def pytest_collection_finish(self):
        found = (each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))
        self.caches = [each for each in found if (each.__module__ or "").startswith("app.")]

    def pytest_runtest_setup(self, item):
        for cache in self.caches:
            cache.cache_clear()


def main():
    for path in Path("app/policy").glob("*.py"):
        path.write_text(bare(path.read_text()))
    configuration._config_reader = lambda: CONFIG.get
    from mutmut import __main__ as mutmut  # reads its configuration when it is imported

    instead = {
        mutators.operator_string: strings,
        mutators.operator_arg_removal: arguments,
        mutators.operator_assignment: assignments,
        mutators.operator_if_exp: choices,
    }
    kept = [(kind, instead.get(operator, operator)) for kind, operator in mutators.mutation_operators]
    file_mutation.mutation_operators = [*kept, (cst.If, negated), (cst.CompIf, negated), (cst.Call, swapped)]
    file_mutation.NEVER_MUTATE_FUNCTION_CALLS |= {"wrong"}
    execute = harness.PytestRunner.execute_pytest
    harness.PytestRunner.execute_pytest = lambda self, params, plugins=(): execute(
        self, params, plugins=[*plugins, Plain()]
    )
    Path("mutants").mkdir()
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(2)
    mutmut.run_stats_collection(mutmut.get_mutant_runner(2))


if __name__ == "__main__":
    main()
