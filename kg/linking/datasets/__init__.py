"""Datasets of other publishers beside the graph: reading them, and keeping them apart."""
