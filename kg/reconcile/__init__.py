"""Reconciliation: which thing of the graph does a name in somebody's table stand for?"""
