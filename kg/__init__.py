"""The policy knowledge graph: its data, its build, and the engine that answers from it."""
