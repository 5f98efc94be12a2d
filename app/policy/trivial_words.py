"""What tells text for people from what programs read, for `app.policy.trivial`."""

import re

PROSE_ENDINGS = frozenset({"md", "markdown", "rst", "adoc"})
PROSE_NAMES = frozenset({"README", "CHANGELOG", "CHANGES", "HISTORY", "NEWS"})
"""At the root. A licence, who owns what, and how to contribute decide something; agents are shown the last."""
PROSE_FOLDERS = frozenset({"docs", "doc", "documentation"})

READ_BY_PROGRAMS = frozenset({
    "agent", "agents", "assistant", "assistants", "chatgpt", "claude", "codex", "command", "commands", "completion",
    "completions", "conventions", "copilot", "cursor", "cursorrules", "fixture", "fixtures", "gemini", "gpt", "hook",
    "hooks", "include", "includes", "instruction", "instructions", "llm", "llms", "macro", "macros", "mcp", "memory",
    "partial", "partials", "persona", "personas", "perspective", "perspectives", "playbook", "playbooks", "prompt",
    "prompts", "role", "roles", "rule", "rules", "runbook", "runbooks", "skill", "skills", "snippet", "snippets",
    "system", "template", "templates", "windsurf", "workflow", "workflows",
})  # fmt: skip
"""Words of paths."""

MARKS_AROUND = re.compile(r"^\s*(?:```|~~~|:::|---\s*$|\+\+\+\s*$|\.\.\s+\S|>>> |\|===|====\s*$|----\s*$)|^(?: {4}|\t)")
"""In any line of a hunk: a fence, front matter, a directive or an indented block begins or ends near by."""
CODE_IN_PROSE = re.compile(
    r"""(?x)
      ://|www\. | \]\s*[(\[:] | <[A-Za-z/!?]          # links, HTML
    | \{[%{!\#]|\{[a-z][\w-]*\}|--8<--|!\[ | \$\{      # what site generators put in
    | \w::\S*\[|^\s*(?:include|image|link|import|export|@|\$\s|%|\#!|:\w+:)  # directives, commands
    | `[^`]*\s[^`]*` | `_                             # a command in the line, a link of reStructuredText
    | \b(?:sudo|curl|wget|chmod|pip|pipx|npm|npx|yarn|pnpm|brew|apt|docker|kubectl|bash|powershell|iex|eval)\b
    | &\#?\w+;
    """
)
"""In a changed line."""

COMMENTS = {
    **dict.fromkeys(("py", "pyi", "rb"), "#"),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs", "ts", "mts", "cts", "tsx"), "//"),
    **dict.fromkeys(("java", "kt", "swift", "cs", "rs", "c", "h", "cc", "cpp", "hpp"), "//"),
}
"""By ending. Comments of Go can be code for cgo, those of shells stand in texts that are handed on."""
DIRECTIVES = frozenset({
    "biome", "clang", "codeql", "coverage", "cspell", "cython", "deno", "doctest", "edit", "eslint", "flake",
    "generated", "istanbul", "jshint", "jslint", "lgtm", "lint", "mypy", "nocheck", "noinspection", "nolint", "nopep",
    "noqa", "nosec", "nosemgrep", "nosonar", "noverify", "oxlint", "pragma", "prettier", "pylint", "pyright", "pytype",
    "rubocop", "ruff", "rustfmt", "semgrep", "skipcq", "sonar", "spotbugs", "standard", "suppress", "swiftlint",
    "tslint", "yapf",
})  # fmt: skip
"""Words that tools obey; most need signs beside them that plain words do not have."""
STRINGS_AROUND = re.compile(r"\"\"\"|'''|`|<<|\\\s*$|=begin|=end|__END__|/\*|\*/|r#+\"|@\"|R\"")
