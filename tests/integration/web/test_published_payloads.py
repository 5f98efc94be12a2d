"""Every example delivery that GitHub's users have published is taken in, read and routed."""

import json
import lzma
from pathlib import Path

from sqlalchemy import text

from app.jobs.deliver import deliver
from app.policy.own_app import App
from app.settings import Settings
from app.store.engine import open_database

_FILE = Path(__file__).parents[2] / "data" / "webhook-examples.json.xz"
EXAMPLES = json.loads(lzma.decompress(_FILE.read_bytes()))


def test_each_is_answered_without_a_5xx(door):
    answers = {}
    for number, (event, payload) in enumerate(EXAMPLES):
        name = f"{number}: {event}.{payload.get('action')}"
        answers[name] = door.post(
            json.dumps(payload).encode(), X_GitHub_Event=event, X_GitHub_Delivery=f"guid-{number}"
        ).status_code
    assert {name: status for name, status in answers.items() if status not in {200, 202}} == {}
    assert len(answers) == 398


async def test_each_is_routed_and_none_is_called_invalid(door, tmp_path):
    for number, (event, payload) in enumerate(EXAMPLES):
        door.post(json.dumps(payload).encode(), X_GitHub_Event=event, X_GitHub_Delivery=f"guid-{number}")
    engine = open_database(Settings(data_dir=tmp_path).database_url)

    requested = [await deliver(engine, App(1, "quorum"), guid) for guid in door.stored()]

    await engine.dispose()
    with door.engine.connect() as db:
        outcomes = {row.id: row.outcome for row in db.execute(text("SELECT id, outcome FROM deliveries"))}
    assert len(requested) == len(door.stored()) > 300
    assert [guid for guid, outcome in outcomes.items() if outcome in {None, "invalid payload"}] == []
    assert sum(requested) == 12
