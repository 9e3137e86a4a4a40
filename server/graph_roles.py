"""What the name of a graph says about the statements in it."""

from server.links import Links


def is_derived(graph: str, links: Links) -> bool:
    """Return whether rules wrote what ``graph`` holds."""
    derived = links.iri("graph", "derived")
    return graph == derived or graph.startswith(f"{derived}/")


def is_outside(graph: str) -> bool:
    """Return whether what ``graph`` holds was taken from outside the text of a report."""
    return graph.endswith("/outside")
