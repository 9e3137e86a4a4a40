"""Questions that join datasets which do not ship: they are added, and the answers grow."""

from pathlib import Path

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import QuerySolutions
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import Variable
from requirements import require

from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.linking.datasets.convert import file_triples
from kg.namespaces import BASE

CATALOGUE = load_catalogue()
FIXTURE = Path(__file__).parents[1] / "fixtures" / "datasets" / "assembly.json"
TARGETS = Path(__file__).parents[3] / "shared" / "data" / "targets"
MUSLIM_LEAGUE = "Q799577"  # Party Facts 2384


def joined(dumped: bytes, file: Path, name: str) -> Store:
    """Return the graph with the Popolo ``file`` beside it, as the command adds it."""
    store = Store()
    store.load(dumped, format=RdfFormat.N_QUADS)
    graph = NamedNode(f"{BASE}graph/dataset/{name}")
    for triple in file_triples(file, "popolo", name):
        store.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    return store


def members(store: Store, day: str) -> list[tuple[str, str, str]]:
    query = CATALOGUE["parties-and-members-of-assembly"]
    values = {"country": "id:pakistan", "day": day}
    found = store.query(
        query.text,
        use_default_graph_as_union=True,
        substitutions={Variable(k): v for k, v in bind(query, values).items()},
    )
    assert isinstance(found, QuerySolutions)
    return [
        tuple(row[name].value for name in ("partyLabel", "memberLabel", "period"))  # type: ignore[misc,union-attr]
        for row in found
        if isinstance(row["memberLabel"], Literal)
    ]


def test_who_sat_in_the_assembly_on_a_day(dumped: bytes, tmp_path: Path) -> None:
    file = tmp_path / "assembly.json"
    text = FIXTURE.read_text(encoding="utf-8").replace("ITEM", MUSLIM_LEAGUE)
    file.write_text(text, encoding="utf-8")
    store = joined(dumped, file, "assembly")
    party = "Pakistan Muslim League (Nawaz )"
    assert members(store, "2015-05-31") == [(party, "Ayesha Example", "14th National Assembly")]
    assert members(store, "2010-01-01") == [(party, "Bilal Example", "13th National Assembly")]
    assert members(store, "2013-05-01") == []


def test_who_sat_in_the_real_assembly_when_the_report_appeared(dumped: bytes) -> None:
    require("targets", TARGETS.is_dir(), "the files of the targets are not at hand")
    file = TARGETS / "politics" / "everypolitician-pakistan.json"
    found = members(joined(dumped, file, "everypolitician-pakistan"), "2015-05-31")
    assert {period for _, _, period in found} == {"14th National Assembly"}
    by_party = {party: sum(one == party for one, _, _ in found) for party, _, _ in found}
    assert by_party["Pakistan Movement for Justice"] > 20
    assert by_party["Pakistan Muslim League (Nawaz )"] > 100
