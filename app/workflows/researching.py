"""The writer's research, within its own run: journalled, paid from the same budget, on the tree as it is then."""

import hashlib

from app.agents.tool import AgentTool
from app.agents.tools.files import reading_tools
from app.agents.tools.research import Research, answer_question, research_tool
from app.forge.git import list_files
from app.llm.messages import Model
from app.wiring import Services
from app.workflows.workshop import Workshop, WorkshopSteps


def research_for(
    name: str, services: Services, model: Model, workshop: Workshop, steps: WorkshopSteps
) -> AgentTool[Research]:
    """The tool for the agent whose steps begin with `name`.

    A question is known by its words and the tree that it is asked of, so that its steps have the same names at every
    replay, and the same question of another tree is looked into anew.
    """

    async def ask(question: str) -> str:
        told = hashlib.sha256(f"{workshop.tree}\0{question}".encode()).hexdigest()[:12]
        paths = frozenset(await list_files(workshop.mirror, workshop.tree))
        return await answer_question(
            question,
            name=f"{name}.research-{told}",
            model=model,
            tools=reading_tools(services.box, workshop.directory),
            steps=steps,
            paths=paths,
        )

    return research_tool(ask)
