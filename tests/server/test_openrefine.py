"""OpenRefine 3.6 reconciles a column, extends it with identifiers, and exports it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

from openrefine import openrefine
from served import Served

NAMES = """name,note
Pakstan,a slip of the pen
"Iran, Islamic Republic of",words in another order
Таджикистан,another script
Niger,in a dataset beside the graph
Atlantis,no country
"""


def test_openrefine_reconciles_extends_and_exports(
    start_for_module: Callable[..., Served], built: Path, tmp_path: Path
) -> None:
    with openrefine(tmp_path / "refine") as refine:
        address = start_for_module("--data", built, "--no-build", "--port", "0").address
        service = {"url": f"{address}/reconcile"}
        with urlopen(service["url"], timeout=60) as answer:
            service.update(json.load(answer))
        project = refine.create_project(NAMES)
        assert "pol:Country" in refine.guess_types(project, "name", service["url"])
        refine.reconcile(project, "name", service, "schema:Country")
        refine.extend(
            project,
            "name",
            service,
            {"wikidata": "Wikidata", "iso-3166-1-alpha-3": "ISO 3166", "eurovoc": "EuroVoc"},
        )
        refine.add_column(project, "name", "iri", "grel:cell.recon.match.id")
        rows = list(csv.DictReader(refine.export(project).splitlines()))
    found = [
        (row["iri"], row["Wikidata"], row["ISO 3166-1 alpha-3"], row["EuroVoc"]) for row in rows
    ]
    base = "https://w3id.org/policykg/id/"
    assert found == [
        (f"{base}pakistan", "Q843", "PAK", "2222"),
        (f"{base}iran", "Q794", "IRN", "1501"),
        (f"{base}tajikistan", "Q863", "TJK", "5925"),
        (f"{base}country-NER", "", "NER", ""),
        ("", "", "", ""),
    ]
