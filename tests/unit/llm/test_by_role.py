import asyncio

from app.llm.by_role import ByRole
from app.llm.messages import Request
from tests.support.agents import Model, says


def test_a_role_that_is_named_has_a_model_of_its_own():
    usual, cheap = Model(says("usual")), Model(says("cheap"))
    model = ByRole(usual, {"light": cheap})

    def answer(role: str) -> str:
        return asyncio.run(model.reply(Request(role, "", ()))).text

    assert [answer("light"), answer("reviewer:security"), answer("")] == ["cheap", "usual", "usual"]
