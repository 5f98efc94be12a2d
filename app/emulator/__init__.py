"""A GitHub on one machine: the part of its REST API that a bot uses, over real git repositories.

It knows nothing of Quorum; any bot could be tried on it. State is in memory, repositories are on disk.
"""
