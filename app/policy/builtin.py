"""Rules that hold under every policy, in the language of the policy. A policy can ask for more, not for less."""

from app.policy.conditions import Condition
from app.policy.rules import Override, People, Requires, Rule

_PERSON = Requires(people=People())
ADMIN = Override(by=("admin",), author=True)
"""An administrator can take the gate away altogether, so that their own word for their own change loosens nothing."""

_WORKFLOWS = Rule(
    name="built in: workflows",
    applies_to=Condition(kinds=("workflows",)),
    requires=_PERSON,
    override=ADMIN,
)
_POLICY = Rule(
    name="built in: policy and ownership",
    applies_to=Condition(kinds=("policy", "ownership")),
    requires=_PERSON,
    override=ADMIN,
)
_INFRASTRUCTURE = Rule(
    name="built in: infrastructure",
    applies_to=Condition(kinds=("infrastructure",)),
    requires=Requires(perspectives=("infrastructure",)),
)
_UNREVIEWED = Rule(
    name="built in: unreviewed code",
    applies_to=Condition(unreviewed_code=True),
    requires=_PERSON,
    override=ADMIN,
)

BUILT_IN_RULES = (_WORKFLOWS, _POLICY, _INFRASTRUCTURE, _UNREVIEWED)
"""What kinds of change ask for of themselves. That code was tested is asked of every change, by the policy's `test`."""
OWN_CHANGE = People()
"""What an agent's change asks for where the policy's autonomy leaves the last word to a person."""
