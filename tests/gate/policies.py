"""Policies that the machine puts on a base branch or into a pull request. None stands for taking the file away."""

POLICIES: dict[str, str | None] = {
    "plain": "perspectives: [security, testing]\n",
    "advice": "perspectives: [security, testing]\nrequired: [security]\n",
    "paths": """\
perspectives: [security, testing]
rules:
  - name: database
    applies_to: {paths: ["db/**"]}
    requires: {perspectives: [architecture], people: {count: 1}}
""",
    "light label": """\
perspectives: [security, testing]
rules:
  - name: not light
    applies_to: {not: {labels: [light]}}
    requires: {people: {count: 1}}
""",
    "grave label": """\
perspectives: [security, testing]
rules:
  - name: grave
    applies_to: {labels: [grave]}
    requires: {people: {count: 1, who: [maintain]}}
    override: false
""",
    "size": """\
perspectives: [security, testing]
rules:
  - name: large
    applies_to: {lines_over: 3}
    requires: {people: {count: 1}}
""",
    "author": """\
perspectives: [security, testing]
rules:
  - name: of readers
    applies_to: {not: {author: {permission: write}}}
    requires: {people: {count: 1, who: ["@maya", "@will"]}}
""",
    "release": """\
perspectives: [security, testing]
rules:
  - name: to a release
    applies_to: {base: ["release*"]}
    requires: {people: {count: 1}}
""",
    "exact": "perspectives: [security, testing]\ncarry_over: exact\n",
    "no override": "perspectives: [security, testing]\noverride: false\n",
    "authors override": "perspectives: [security, testing]\noverride: {by: [write], author: true}\n",
    "sure": "perspectives: [security, testing]\nmin_confidence: 0.2\n",
    "strict": "perspectives: [security, testing]\nstrict: true\n",
    "broken": "perspectives: [security, testing\n",
    "unknown": "perspectives: [security, testing]\nlenient: true\n",
    "none": None,
}
