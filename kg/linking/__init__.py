"""Linking the graph to other datasets: tables of mappings, suggestions, decisions, datasets."""
