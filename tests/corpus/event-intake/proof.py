import os

from intake.app import receive

os.environ.pop("HOOK_SECRET", None)
queue = []
status = receive({}, b'{"kind": "refund"}', queue)
assert (status, queue) != (202, [{"kind": "refund"}]), "an unsigned event was taken"
