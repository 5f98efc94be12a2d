"""The App that the demo installs asks for what `app.yml` asks for, so that nothing works in the demo alone."""

from pathlib import Path

import yaml

from app.cli.demo import stage

MANIFEST = yaml.safe_load((Path(__file__).parents[3] / "app.yml").read_text())


def test_the_demos_app_asks_for_the_same_permissions_and_events():
    assert MANIFEST["default_permissions"] == stage._PERMISSIONS
    assert set(MANIFEST["default_events"]) == stage._EVENTS


def test_merge_groups_are_heard_of():
    """https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group."""
    assert MANIFEST["default_permissions"]["merge_queues"] == "read"
    assert "merge_group" in MANIFEST["default_events"]
