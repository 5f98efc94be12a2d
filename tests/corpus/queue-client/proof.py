import re
from pathlib import Path

from queueclient import Consumer

example = re.search(r"Consumer\((.*)\)", Path("README.md").read_text())[1]
name, value = example.split(", ")[1].split("=")
waited = []
consumer = Consumer("orders", wait=lambda queue, seconds: waited.append(seconds) or [], **{name: int(value) // 10})
consumer.poll()
assert waited == [3], f"the README's {name} leads to {waited[0]} seconds"
