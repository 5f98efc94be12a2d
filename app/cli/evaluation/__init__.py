"""Measuring a council on pull requests whose faults are known."""
