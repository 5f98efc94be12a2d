"""Which grammar reads which file, and which of its nodes are symbols. A grammar is loaded when it is first needed.

Node names are those of each grammar's `node-types.json`; queries are written as
https://tree-sitter.github.io/tree-sitter/using-parsers/queries describes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Query


@dataclass(frozen=True)
class Grammar:
    """`module` gives the grammar by `function`. `kinds`: by kind of symbol, patterns of the nodes that are one.

    Files of one `family` call one another. Without a `module` there is no parser: see `app.knowledge.plain_outline`.
    """

    module: str
    family: str
    kinds: Mapping[str, str]
    function: str = "language"


_JAVASCRIPT = {
    "function": (
        "(function_declaration) (generator_function_declaration)"
        "(variable_declarator name: (identifier) value: [(arrow_function) (function_expression)])"
        "(assignment_expression right: [(arrow_function) (function_expression)])"
        "(pair value: [(arrow_function) (function_expression)])"
    ),
    "method": "(method_definition)",
    "class": "(class_declaration)",
}
_TYPESCRIPT = {
    **_JAVASCRIPT,
    "method": "(method_definition) (abstract_method_signature)",
    "class": "(class_declaration) (abstract_class_declaration)",
    "type": "(interface_declaration) (type_alias_declaration) (enum_declaration)",
    "module": "(internal_module)",
}
_C = {
    "function": "(function_definition) (preproc_function_def)",
    "type": "(struct_specifier body: (_)) (enum_specifier body: (_)) (union_specifier body: (_)) (type_definition)",
}

_PYTHON = Grammar("tree_sitter_python", "python", {"function": "(function_definition)", "class": "(class_definition)"})
_BASH = Grammar("tree_sitter_bash", "shell", {"function": "(function_definition)"})
_SQL = Grammar(
    "tree_sitter_sql",
    "sql",
    {
        "table": "(create_table) (alter_table)",
        "view": "(create_view)",
        "function": "(create_function)",
        "index": "(create_index)",
    },
)
_TERRAFORM = Grammar("", "terraform", {})
_DOCKER = Grammar("", "docker", {})
_RUBY = Grammar(
    "tree_sitter_ruby",
    "ruby",
    {"method": "(method) (singleton_method)", "class": "(class name: (_))", "module": "(module name: (_))"},
)
_GO = Grammar(
    "tree_sitter_go",
    "go",
    {"function": "(function_declaration)", "method": "(method_declaration)", "type": "(type_spec)"},
)
_RUST = Grammar(
    "tree_sitter_rust",
    "rust",
    {
        "function": "(function_item) (function_signature_item) (macro_definition)",
        "type": "(struct_item) (enum_item) (trait_item) (type_item) (union_item)",
        "implementation": "(impl_item)",
        "module": "(mod_item)",
    },
)
_JAVA = Grammar(
    "tree_sitter_java",
    "jvm",
    {
        "method": "(method_declaration) (constructor_declaration)",
        "class": "(class_declaration) (record_declaration) (enum_declaration)",
        "type": "(interface_declaration) (annotation_type_declaration)",
    },
)
_KOTLIN = Grammar(
    "tree_sitter_kotlin",
    "jvm",
    {"function": "(function_declaration)", "class": "(class_declaration) (object_declaration)"},
)
_SWIFT = Grammar(
    "tree_sitter_swift",
    "swift",
    {
        "function": "(function_declaration) (init_declaration) (protocol_function_declaration)",
        "class": "(class_declaration)",
        "type": "(protocol_declaration)",
    },
)
_C_SHARP = Grammar(
    "tree_sitter_c_sharp",
    "dotnet",
    {
        "method": "(method_declaration) (constructor_declaration) (local_function_statement) (property_declaration)",
        "class": "(class_declaration) (struct_declaration) (record_declaration)",
        "type": "(interface_declaration) (enum_declaration) (delegate_declaration)",
        "module": "(namespace_declaration)",
    },
)
_PHP = Grammar(
    "tree_sitter_php",
    "php",
    {
        "function": "(function_definition)",
        "method": "(method_declaration)",
        "class": "(class_declaration) (trait_declaration) (enum_declaration)",
        "type": "(interface_declaration)",
    },
    "language_php",
)
_CPP = Grammar(
    "tree_sitter_cpp",
    "c",
    {**_C, "class": "(class_specifier body: (_))", "module": "(namespace_definition name: (_))"},
)
_PLAIN_C = Grammar("tree_sitter_c", "c", _C)
_JS = Grammar("tree_sitter_javascript", "javascript", _JAVASCRIPT)
_TS = Grammar("tree_sitter_typescript", "javascript", _TYPESCRIPT, "language_typescript")
_TSX = Grammar("tree_sitter_typescript", "javascript", _TYPESCRIPT, "language_tsx")

ENDINGS: Mapping[str, Grammar] = {
    **dict.fromkeys(("py", "pyi"), _PYTHON),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), _JS),
    **dict.fromkeys(("ts", "mts", "cts"), _TS),
    "tsx": _TSX,
    "go": _GO,
    "java": _JAVA,
    "rs": _RUST,
    **dict.fromkeys(("rb", "rake"), _RUBY),
    **dict.fromkeys(("c", "h"), _PLAIN_C),
    **dict.fromkeys(("cc", "cpp", "cxx", "hh", "hpp", "hxx"), _CPP),
    "cs": _C_SHARP,
    "php": _PHP,
    **dict.fromkeys(("kt", "kts"), _KOTLIN),
    "swift": _SWIFT,
    **dict.fromkeys(("sh", "bash"), _BASH),
    "sql": _SQL,
    **dict.fromkeys(("tf", "tofu"), _TERRAFORM),
    "dockerfile": _DOCKER,
}
_DOCKERFILE = re.compile(r"(?:dockerfile|containerfile)(?:[._-].*)?", re.IGNORECASE)
_IMAGES = ("dockerfile", "**/[Dd]ockerfile*", "**/[Cc]ontainerfile*")
_BESIDE_IMAGES = ("yml", "yaml", "sh")
"""Compose files and workflows name stages and build arguments."""
TESTLESS = frozenset({"sql", "terraform", "docker"})
"""Families whose names no test has to name."""


def grammar_of(path: str) -> Grammar | None:
    """By the ending of its name, or the name; None for a language that is not known."""
    name = path.rpartition("/")[2]
    if _DOCKERFILE.fullmatch(name):
        return _DOCKER
    return ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None


def endings_of(family: str) -> tuple[str, ...]:
    """Of the files that may name what files of this family define; what has a star in it is a glob."""
    if family == "sql":
        return tuple(ENDINGS)
    own = tuple(ending for ending, grammar in ENDINGS.items() if grammar.family == family)
    return (*_IMAGES, *_BESIDE_IMAGES) if family == "docker" else own


def may_name(path: str, other: str) -> bool:
    """Whether `other` may mean what `path` defines, where it has the same name."""
    grammar, theirs = grammar_of(path), grammar_of(other)
    if grammar is None:
        return False
    beside = grammar.family == "docker" and other.rpartition(".")[2] in _BESIDE_IMAGES
    return beside or grammar.family == "sql" or (theirs is not None and theirs.family == grammar.family)


@lru_cache
def load(module: str, function: str) -> "Language":
    from tree_sitter import Language

    return Language(getattr(import_module(module), function)())


@lru_cache
def query_of(module: str, function: str) -> "Query":
    """All symbols of a language, captured by their kinds."""
    from tree_sitter import Query

    grammar = next(each for each in ENDINGS.values() if (each.module, each.function) == (module, function))
    return Query(load(module, function), "\n".join(f"[{nodes}] @{kind}" for kind, nodes in grammar.kinds.items()))
