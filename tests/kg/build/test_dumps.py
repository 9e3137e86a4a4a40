"""Dumps hold the same statements in every format, and the same bytes every time."""

import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import Triple
from pyoxigraph import parse
from small import SmallReport

from kg.build.dumps import DumpFile
from kg.build.dumps import _compressed as compressed
from kg.build.dumps import dump_files
from kg.build.dumps import dumped as statements_of
from kg.build.dumps import write_dumps
from kg.namespaces import BASE

BUILD = """
import json, random, sys
from pathlib import Path
from kg.build import read
from kg.build.layout import Layout
from kg.build.pipeline import Options, build
from kg.settings import Settings
ontology, queries, links, report, data, seed = sys.argv[1:]
glob = Path.glob
def shuffled(self, pattern):
    found = list(glob(self, pattern))
    random.Random(seed).shuffle(found)
    return iter(found)
Path.glob = shuffled
layout = Layout(Path(ontology), Path(queries), Path(links), (Path(report),))
print(build(Settings(data=Path(data)), Options(layout=layout)).version.digest)
"""


@pytest.fixture(scope="module")
def dumps(built: Path) -> Path:
    return built / "dumps" / (built / "current").readlink().name


def quads(path: Path, format: RdfFormat) -> set[Quad]:
    return set(parse(gzip.decompress(path.read_bytes()), format=format))


def test_trig_holds_the_same_statements_as_n_quads(dumps: Path) -> None:
    n_quads = quads(dumps / "policykg.nq.gz", RdfFormat.N_QUADS)
    assert quads(dumps / "policykg.trig.gz", RdfFormat.TRIG) == n_quads
    assert len(n_quads) > 10_000


def test_each_graph_has_a_file_that_holds_it(dumps: Path) -> None:
    n_quads = quads(dumps / "policykg.nq.gz", RdfFormat.N_QUADS)
    graphs = {str(quad.graph_name)[1:-1] for quad in n_quads}
    files = [file for file in dump_files(graphs, BASE) if file.graph]
    assert {file.name for file in files} == {path.name for path in dumps.glob("*.ttl.gz")}
    for file in files:
        graph = NamedNode(file.graph or "")
        held = {
            Triple(*quad[:3]) for quad in map(tuple, quads(dumps / file.name, RdfFormat.TURTLE))
        }
        assert held == {
            Triple(q.subject, q.predicate, q.object) for q in n_quads if q.graph_name == graph
        }


def test_names_of_files_follow_the_graphs() -> None:
    files = dump_files([f"{BASE}graph/b/related", f"{BASE}graph/a"], BASE)
    assert files == [
        DumpFile("policykg.nq.gz", "application/n-quads", "N-Quads"),
        DumpFile("policykg.trig.gz", "application/trig", "TriG"),
        DumpFile("a.ttl.gz", "text/turtle", "Turtle", f"{BASE}graph/a"),
        DumpFile("b-related.ttl.gz", "text/turtle", "Turtle", f"{BASE}graph/b/related"),
    ]


def test_the_gzip_header_holds_neither_time_nor_name(dumps: Path) -> None:
    # RFC 1952, section 2.3: flags, then four bytes of time, then extra flags and system.
    for path in dumps.glob("*.gz"):
        header = path.read_bytes()[:10]
        assert header[:3] == b"\x1f\x8b\x08"
        assert header[3] == 0
        assert header[4:8] == bytes(4)


def test_prefixes_stand_in_order(dumps: Path) -> None:
    text = gzip.decompress((dumps / "ontology.ttl.gz").read_bytes()).decode()
    lines = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert lines == sorted(lines)
    assert "@prefix pol: <https://w3id.org/policykg/ontology#> ." in lines


def test_the_order_in_which_quads_come_does_not_matter(tmp_path: Path, dumped: bytes) -> None:
    quads = [quad for quad in parse(dumped, format=RdfFormat.N_QUADS) if isinstance(quad, Quad)]
    mixed = list(quads)
    random.Random(1).shuffle(mixed)
    files = dump_files({str(quad.graph_name)[1:-1] for quad in quads}, BASE)
    for name, some in (("a", quads), ("b", mixed)):
        store = Store()
        store.extend(some)
        (tmp_path / name).mkdir()
        with statements_of(store) as statements:
            assert statements.read_bytes() == dumped
            write_dumps(tmp_path / name, statements, files, BASE)
    for file in files:
        assert (tmp_path / "a" / file.name).read_bytes() == (
            tmp_path / "b" / file.name
        ).read_bytes()


def test_statements_are_in_the_order_of_their_terms(dumped: bytes) -> None:
    quads = [quad for quad in parse(dumped, format=RdfFormat.N_QUADS) if isinstance(quad, Quad)]
    assert quads == sorted(
        quads, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object))
    )


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_prefixes_are_sorted_however_the_text_comes(tmp_path: Path, size: int) -> None:
    text = b"@prefix b: <b:> .\n@prefix a: <a:> .\na:x a:y b:z .\n" * 3
    with compressed(tmp_path / "a.gz") as file:
        for place in range(0, len(text), size):
            file.write(text[place : place + size])
            file.flush()
    first = b"@prefix a: <a:> .\n@prefix b: <b:> .\n"
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == first + text[len(first) :]


def test_two_processes_write_the_same_bytes(small: SmallReport, tmp_path: Path) -> None:
    text = small.file.read_text(encoding="utf-8")
    head, cut, tail = text.partition("id:iceland-fisheries-p001")
    prefixes = "".join(line for line in head.splitlines(True) if line.startswith("@prefix"))
    small.file.write_text(head, encoding="utf-8")
    (small.folder / "claims.ttl").write_text(prefixes + cut + tail, encoding="utf-8")
    layout = small.layout
    built = []
    for seed in ("1", "20"):
        data = tmp_path / f"data-{seed}"
        done = subprocess.run(
            [
                *(sys.executable, "-c", BUILD, layout.ontology, layout.queries, layout.links),
                *(small.folder, data, seed),
            ],
            env={**os.environ, "PYTHONHASHSEED": seed, "PATH": str(tmp_path), "JAVA_HOME": ""},
            capture_output=True,
            text=True,
            check=True,
        )
        sums = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (data / "dumps" / "1").iterdir()
        }
        record = json.loads((data / "versions" / "1" / "version.json").read_text(encoding="utf-8"))
        assert record["digest"] == done.stdout.strip()
        built.append((record, sums))
    assert built[0] == built[1]
    assert len(built[0][1]) > 5
