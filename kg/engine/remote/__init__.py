"""The remote engine: the same interface over any service that speaks SPARQL 1.1."""
