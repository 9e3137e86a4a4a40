"""Answering queries: one interface, the embedded engine behind it, and its versions on disk."""
