"""Catalogue queries: one ``.rq`` file a question; data only."""
