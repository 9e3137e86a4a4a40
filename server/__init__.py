"""The web server: SPARQL, representations and pages of the graph, over one engine."""
