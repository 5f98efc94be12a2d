"""The description that `quorum gate simulate --example` prints: most of the keys, each with what it may say."""

EXAMPLE = """\
# A pull request for `quorum gate simulate --facts FILE`. Every key may be left out: what is left out is as on a good
# day, where everything is known and every perspective approves. `null` says that something is not known.
state: open                    # open, closed, merged
draft: false
title: Add an index
author: {login: ada, permission: write, teams: ["@acme/api"]}  # or a login alone: somebody who may write
first_time: false              # nothing of the author's was merged here before
own: false                     # Quorum wrote it
author_family: claude          # with a model of this family
base: main
guarded: true                  # the base branch requires the gate, or is the default branch
up_to_date: true               # the head holds the base branch's newest commit
files:                         # status: added, removed, modified, renamed, copied, changed
  - {path: migrations/0007_index.sql, status: added, added: 12}
  - {path: src/search.py, was: src/find.py, status: renamed, added: 3, removed: 3}
changed_text: |                # the added and removed lines, for `lines` and `only_lines`
  CREATE INDEX CONCURRENTLY by_name ON people (name);
whitespace_only: false
labels: {urgent: true}         # whether it was set by somebody who may; or a list, if all were
contributors: [ada]            # who pushed a part of the diff
signed: false
checks: {build: success, lint: running}  # several of one name: [success, failure]
check_apps: {build: github-actions}      # which App reported it; none for a status
reviews:
  - {who: {login: grace, permission: maintain}, state: approved, current: true}  # current: of this very diff
owners: [["@acme/dba", "@grace"]]        # for each file with owners, who they are
verdicts:                      # approve, block, abstain, missing; those that are not named approve
  testing: missing
  performance: {outcome: block, blocking: [The index locks the table], keys: [0123456789abcdef]}
  architecture: {outcome: approve, confidence: 0.8, model: "anthropic:claude", hours_ago: 5}
statements:                    # override, veto, dismissal
  - {kind: override, target: testing, who: {login: grace, permission: maintain}, reason: "no code changed"}
running: []                    # perspectives whose review is going on
stopped: null                  # why the newest review ended without a verdict
halted: false                  # whether a person stopped it
files_unread: []
files_set_aside: []
unreviewed_code: []            # of these, what can run and the policy does not name
tests: passed                  # passed, failed, not_configured, unknown
policy_source: base            # base, org, default, invalid, unknown
"""
