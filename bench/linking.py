"""Reconciliation: names per second, and how many are right, side by side with csv-reconcile.

    python -m venv PEER && PEER/bin/pip install csv-reconcile
    python bench/linking.py --data DATA --peer PEER/bin/python

csv-reconcile needs an older Flask and so an environment of its own. Both are asked in their own
process, without HTTP, for batches of ten names, as OpenRefine sends them. csv-reconcile compares
each name with all others, so its speed does not depend on how many are asked: ``--peer-names`` are
enough. Rates are names in a second of the processor, so that a busy machine does not count.
"""

import argparse
import csv
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from typing import Final

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import expand
from kg.reconcile.entry import Entry
from kg.reconcile.index import Index
from kg.reconcile.matching import Asked
from kg.reconcile.matching import Matcher
from kg.reconcile.reading import read_entries

CONCEPTS: Final = 100_000
NAMES: Final = 10_000
LABELLED: Final = Path(__file__).parents[1] / "tests" / "kg" / "reconcile" / "names.tsv"
_PEER: Final = Path(__file__).with_name("linking_peer.py")
_HEADS: Final = (
    "policy", "reform", "security", "trade", "health", "labour", "energy", "water", "transport",
    "education", "research", "taxation", "migration", "fisheries", "forestry", "housing",
    "insurance", "monetary", "budget", "customs", "defence", "consumer", "media", "privacy",
    "climate", "waste", "mining", "banking", "pension", "sport", "culture", "tourism",
    "aviation", "rail", "maritime", "inheritance", "patent", "medicine", "nutrition",
    "veterinary",
)  # fmt: skip
_KINDS: Final = (
    "authority", "agreement", "commission", "programme", "directive", "statistics", "market",
    "convention", "institute", "council", "inspection", "subsidy", "indicator", "standard",
    "tribunal", "registry", "treaty", "strategy", "tariff", "framework", "levy", "survey",
    "committee", "accord",
)  # fmt: skip
_SYLLABLES: Final = (
    "ba", "ko", "ri", "ten", "mar", "su", "lo", "vin", "dar", "pe", "gu", "nas", "tir", "fel",
    "om", "zan", "hul", "ces",
)  # fmt: skip


def thesaurus(size: int = CONCEPTS) -> Iterator[Entry]:
    """Yield the concepts of a thesaurus that is the same at each run."""
    random = Random(8)
    seen: set[str] = set()
    number = 0
    while number < size:
        place = "".join(random.choice(_SYLLABLES) for _ in range(random.randint(2, 4))).title()
        name = f"{random.choice(_HEADS)} {random.choice(_KINDS)} of {place}"
        if name in seen:
            continue
        seen.add(name)
        yield Entry(
            f"https://example.org/concept/{number}",
            name,
            types=["http://www.w3.org/2004/02/skos/core#Concept"],
            labels={"label": [name]},
        )
        number += 1


def asked(names: list[str], count: int = NAMES) -> list[str]:
    """Return names to ask for: a third as they are, a third misspelt, a third of nothing."""
    random = Random(9)
    found = []
    for number in range(count):
        name = random.choice(names)
        if number % 3 == 1 and len(name) > 3:
            place = random.randrange(1, len(name) - 1)
            name = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
        elif number % 3 == 2:
            letters = [sign for sign in name if sign.isalpha()]
            random.shuffle(letters)
            name = "".join(letters)
        found.append(name)
    return found


def ours(index: Index, names: list[str], limit: int) -> float:
    """Return how many names a second are answered with at most ``limit`` candidates each."""
    matcher = Matcher(index)
    start = time.process_time()
    for name in names:
        matcher.match(Asked(name, limit=limit))
    return len(names) / (time.process_time() - start)


def peer(python: str, index: Index, names: list[str]) -> dict[str, Any]:
    """Return the rate of csv-reconcile on the names of ``index``, and its answers."""
    with tempfile.TemporaryDirectory() as folder:
        table, wanted = Path(folder, "table.csv"), Path(folder, "names.json")
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "name"))
            rows.writerows((f"{one.entry.iri}#{n}", one.text) for n, one in enumerate(index.names))
        wanted.write_text(json.dumps(names), encoding="utf-8")
        run = subprocess.run(
            [python, str(_PEER), str(table), str(wanted)],
            capture_output=True,
            check=True,
            text=True,
        )
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def labelled() -> list[tuple[str, str]]:
    """Return the names of the labelled set, each with the IRI that is meant, or nothing."""
    lines = LABELLED.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [(name, expand(meant) if meant else "") for name, meant, _ in rows]


def quality(answers: list[tuple[str, str]]) -> str:
    """Return precision and recall of pairs of what was meant and what was answered, in words."""
    right = sum(meant == got != "" for meant, got in answers)
    given = sum(got != "" for _, got in answers)
    wanted = sum(meant != "" for meant, _ in answers)
    return f"precision {right / given if given else 1:.3f}, recall {right / wanted:.3f}"


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the built graph")
    parser.add_argument("--peer", help="a Python that has csv-reconcile")
    parser.add_argument("--peer-names", type=int, default=300)
    options = parser.parse_args()
    graph = Index(*read_entries(EmbeddedEngine(options.data)))
    start = time.process_time()
    large = Index(list(thesaurus()), {})
    print(f"index of {CONCEPTS:,} concepts: {time.process_time() - start:.1f} s\n")
    print("| against | ours, 10 candidates | ours, the best one | csv-reconcile | ratio |")
    print("| --- | --- | --- | --- | --- |")
    for title, index in (("the graph", graph), (f"{CONCEPTS:,} concepts", large)):
        names = asked([one.text for one in index.names])
        many, one = ours(index, names, 10), ours(index, names, 1)
        rate = 0.0
        if options.peer:
            rate = peer(options.peer, index, names[: options.peer_names])["rate"]
        ratio = f"{many / rate:.0f}" if rate else "not measured"
        print(f"| {title} | {many:,.0f}/s | {one:,.0f}/s | {rate:,.1f}/s | {ratio} |")
    pairs = labelled()
    matcher = Matcher(graph)
    got = []
    for name, meant in pairs:
        found = [one.entry.iri for one in matcher.match(Asked(name)) if one.match]
        got.append((meant, found[0] if found else ""))
    print(f"\n{len(pairs)} labelled names, ours: {quality(got)}")
    if options.peer:
        answers = peer(options.peer, graph, [name for name, _ in pairs])["answers"]
        matches = [(m, a["match"]) for (_, m), a in zip(pairs, answers, strict=True)]
        print(f"csv-reconcile, what it calls a match: {quality(matches)}")
        for least in (70, 80, 90):
            best = [
                (m, a["best"] if a["score"] >= least else "")
                for (_, m), a in zip(pairs, answers, strict=True)
            ]
            print(f"csv-reconcile, its best from {least} points on: {quality(best)}")


if __name__ == "__main__":
    main()
