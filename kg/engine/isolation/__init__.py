"""Queries in disposable processes: a pool that can kill, and workers that can be killed."""
