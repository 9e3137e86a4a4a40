"""Names close to one that was mistyped are looked for in a part of the graph that is bounded."""

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import RDFS
from server.statements import near_names


class Many:
    """An engine whose graph has as many labels as a query may want, and that keeps the query."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def rows(self, query: Query) -> list:  # type: ignore[type-arg]
        self.asked.append(query)
        return []


def test_the_nearest_come_first(engine: EmbeddedEngine) -> None:
    assert near_names(engine, f"{ID}pakistn")[0] == f"{ID}pakistan"
    assert near_names(engine, f"{POL}Clam")[0] == f"{POL}Claim"
    assert near_names(engine, "https://example.org/x") == []
    assert len(near_names(engine, f"{ID}usip-charting-pakistan-")) == 3


def test_a_long_name_is_not_compared() -> None:
    engine = Many()
    assert near_names(engine, ID + "x" * 101) == []  # type: ignore[arg-type]
    assert engine.asked == []


def test_only_so_many_labels_are_looked_at() -> None:
    engine = Many()
    near_names(engine, f"{ID}x")  # type: ignore[arg-type]
    (query,) = engine.asked
    labels = query.text[query.text.index("?thing rdfs:label ?label") :]
    assert labels.split("}")[1].strip().startswith("LIMIT 20000")
    assert query.text.rstrip().endswith("LIMIT 5000")
    assert "ORDER BY" not in query.text
    assert RDFS in query.text
