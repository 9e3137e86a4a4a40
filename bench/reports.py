"""Whole reports in the project's own form, as many as make so many statements; the same every time.

    python bench/reports.py 100000 FOLDER

FOLDER/reports/<slug>/*.ttl: report, entities, units, passages, claims; every check passes. The
first report describes the hubs, countries and topics of which all others speak; each other one
describes some things of its own and speaks of those of earlier reports with a skew, so that a few
are in most reports and most in one. FOLDER/links/bench.sssom.tsv links organisations.

Report 3 is the same in a collection of any size, so that one may be changed in a large collection.
"""

import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from itertools import count
from pathlib import Path
from typing import Final

HUBS: Final = {"country": 60, "topic": 80}
# What a report describes: how many of each kind; the class; and what is said besides the label.
OWN: Final = {
    "organization": (3, "pol:Organization", ""),
    "group": (1, "pol:ActorGroup", ""),
    "person": (2, "pol:Person", ""),
    "city": (2, "pol:City", ""),
    "framework": (2, "pol:PolicyFramework", "dcterms:subject {topic}"),
    "measure": (3, "pol:Measure", ""),
    "goal": (4, "pol:Goal", ""),
    "situation": (6, "pol:Situation", "pol:concerns {country}"),
    "event": (1, "pol:Announcement", 'pol:when "{year}-03" ; pol:timeWords "in March {year}"@en'),
}
# Claims: how often, the class, subject, predicate, object, certainty, modality, and what else.
CLAIMS: Final = (
    (20, "Finding", "framework", "hasGoal", "goal", "certain", "actual", ""),
    (10, "Finding", "city", "locatedIn", "country", "certain", "actual", ""),
    (6, "Finding", "framework", "follows", "framework", "certain", "actual", ""),
    (18, "CausalClaim", "framework", "implementationAffectedBy", "situation", "certain", "actual",
     ""),
    (10, "CausalClaim", "situation", "harms", "situation", "certain", "actual", ""),
    (8, "Assessment", "goal", "hasStatus", "pol:diluted", "possible", "actual",
     'pol:hedge "may"@en'),
    (3, "OpenQuestion", "group", "takesOwnershipOf", "framework", "unclear", "actual",
     'pol:hedge "unclear whether"@en'),
    (5, "Forecast", "situation", "leadsTo", "situation", "certain", "predicted",
     'pol:timeWords "by {year}"@en'),
    (12, "Recommendation", "organization", "undertakes", "measure", "certain", "recommended",
     "pol:addressedTo {subject} ; pol:proposes {object}"),
    (5, "Finding", "framework", "inPlaceFor", '"P2Y"^^xsd:duration', "certain", "actual", ""),
)  # fmt: skip
WORDS: Final = """\
    policy reform council budget province ministry review plan water border school police court
    election treaty harvest tariff clinic refugee grant audit mandate sanction coalition energy
    climate fishery housing pension customs census charter militia ceasefire dialogue inquiry
"""
PREFIXES: Final = """\
@prefix pol: <https://w3id.org/policykg/ontology#> .
@prefix id: <https://w3id.org/policykg/id/> .
@prefix topic: <https://w3id.org/policykg/topic/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
COLUMNS: Final = (
    *("subject_id", "predicate_id", "object_id"),
    *("mapping_justification", "confidence"),
)


@dataclass
class Report:
    """The files of a report, and how many statements they hold."""

    slug: str
    files: dict[str, list[str]] = field(default_factory=dict)
    statements: int = 0

    def say(self, file: str, subject: str, *said: str) -> None:
        """Write into ``file`` what is ``said`` of ``subject``; nothing counts for nothing."""
        parts = [part for part in said if part]
        self.statements += sum(part.count(" ; ") + 1 for part in parts)
        self.files.setdefault(file, []).append(f"{subject} " + " ;\n  ".join(parts) + " .\n")

    def write(self, folder: Path) -> None:
        """Write the files into a folder of the report's own below ``folder``."""
        (folder / self.slug).mkdir(parents=True)
        for name, blocks in self.files.items():
            text = PREFIXES + "\n".join(blocks)
            (folder / self.slug / f"{name}.ttl").write_text(text, encoding="utf-8")


def reports() -> Iterator[Report]:
    """Yield reports without end."""
    yield _hubs()
    for number in count(1):
        yield _Writer(number).report()


def write(statements: int, folder: Path) -> int:
    """Write reports with about so many ``statements`` below ``folder``; return how many it are."""
    written = 0
    rows = ["\t".join(COLUMNS)]
    for number, report in enumerate(reports()):
        report.write(folder / "reports")
        written += report.statements
        if number:
            target = f"http://www.wikidata.org/entity/Q{900_000_000 + number}"
            how = "semapv:ManualMappingCuration"
            rows.append(f"id:bench-organization-{3 * number}\tschema:sameAs\t{target}\t{how}\t0.9")
        if written >= statements:
            break
    (folder / "links").mkdir()
    (folder / "links" / "bench.sssom.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return written


def _name(kind: str, number: int) -> str:
    return f"topic:bench-{number}" if kind == "topic" else f"id:bench-{kind}-{number}"


def _hubs() -> Report:
    report = Report("bench-00000")
    report.say("entities", "topic:scheme", 'a skos:ConceptScheme ; rdfs:label "Topics"@en')
    for number in range(HUBS["country"]):
        label = f'rdfs:label "Country {number}"@en'
        report.say("entities", _name("country", number), f"a pol:Country ; {label}")
    for number in range(HUBS["topic"]):
        label = f'rdfs:label "Topic {number}"@en'
        parent = f"skos:broader {_name('topic', number // 7)}" if number else ""
        of = "skos:inScheme topic:scheme"
        report.say("entities", _name("topic", number), f"a pol:Topic ; {label} ; {of}", parent)
    return report


class _Writer:
    """Writes one report, of which the number is also the seed."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.choice = random.Random(20240229 + number)
        self.made = Report(f"bench-{number:05}")
        self.text = ""
        self.words = WORDS.split()
        self.year = self.choice.randint(1995, 2024)

    def report(self) -> Report:
        """Return the report: most are short, a few are long."""
        self._entities()
        weights = [row[0] for row in CLAIMS]
        size = int(20 * (400 / 20) ** (self.choice.random() ** 2))
        rows = self.choice.choices(CLAIMS, weights, k=size)
        for place, row in enumerate(rows, 1):
            self._unit(place)
            self._claim(place, row)
        self._document()
        return self.made

    def _document(self) -> None:
        this = f"id:{self.made.slug}"
        title = f'rdfs:label "{self._words(6).capitalize()}"@en'
        page = f"foaf:page <https://bench.example.org/{self.made.slug}>"
        self.made.say("report", this, f"a pol:Report ; {title} ; {page}")
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        self.made.say(
            "report", f"{this}-text",
            f'a pol:SourceText ; rdfs:label "Text of {self.made.slug}"@en ; pol:textOf {this}',
            f'pol:length {len(self.text)} ; pol:sha256 "{digest}"',
        )  # fmt: skip

    def _entities(self) -> None:
        for kind, (each, cls, more) in OWN.items():
            for number in range(each * self.number, each * (self.number + 1)):
                label = f'rdfs:label "{self._words(2).capitalize()} {number}"@en'
                said = more.format(
                    topic=self._thing("topic"), country=self._thing("country"), year=self.year
                )
                self.made.say("entities", _name(kind, number), f"a {cls} ; {label}", said)

    def _unit(self, place: int) -> None:
        start = len(self.text)
        self.text += self._words(self.choice.randint(8, 30)).capitalize() + ". "
        self._slice("units", f"id:{self.made.slug}-u{place:03}", "SourceUnit", start,
                    len(self.text) - 1, f"pol:order {place}")  # fmt: skip

    def _claim(self, place: int, row: tuple[int, str, str, str, str, str, str, str]) -> None:
        _, cls, of, predicate, value, certainty, modality, more = row
        slug, this = self.made.slug, f"id:{self.made.slug}-c{place:03}"
        unit, passage = f"id:{slug}-u{place:03}", f"id:{slug}-p{place:03}"
        start = self.text[:-2].rfind(". ") + 2 if place > 1 else 0
        end = start + self.choice.randint(20, len(self.text) - 2 - start)
        self._slice("passages", passage, "Passage", start, end, f"pol:unit {unit}")
        subject = self._thing(of)
        object_ = self._thing(value) if value in OWN or value in HUBS else value
        said = more.format(subject=subject, object=object_, year=self.year)
        held = "value" if value.startswith('"') else "object"
        self.made.say(
            "claims", this,
            f'a pol:{cls} ; pol:statement "{self._words(9).capitalize()} {place}."@en',
            f"pol:subject {subject} ; pol:predicate pol:{predicate} ; pol:{held} {object_}",
            f"pol:assertedBy id:{slug} ; pol:statedIn id:{slug}",
            f"pol:certainty pol:{certainty} ; pol:modality pol:{modality} ; pol:negated false",
            said,
            f"pol:evidence {passage}",
        )  # fmt: skip

    def _slice(self, file: str, this: str, cls: str, start: int, end: int, where: str) -> None:
        piece = self.text[start:end]
        digest = hashlib.sha256(piece.encode()).hexdigest()
        kind = "Unit" if cls == "SourceUnit" else "Passage"
        self.made.say(
            file, this,
            f'a pol:{cls} ; rdfs:label "{kind} {this[-3:]} of {self.made.slug}"@en',
            f"pol:inText id:{self.made.slug}-text ; {where} ; pol:start {start} ; pol:end {end}",
            f'pol:sha256 "{digest}" ; pol:quote "{" ".join(piece.split()[:2])}"@en',
        )  # fmt: skip

    def _thing(self, kind: str) -> str:
        """Return a thing of the ``kind``: often one of this report, else rather an early one."""
        if kind in HUBS:
            return _name(kind, int(HUBS[kind] ** self.choice.random()) - 1)
        each, first = OWN[kind][0], OWN[kind][0] * self.number
        if self.choice.random() < 0.6:
            return _name(kind, self.choice.randrange(first, first + each))
        return _name(kind, each + int(first ** self.choice.random()) - 1)

    def _words(self, words: int) -> str:
        return " ".join(self.choice.choices(self.words, k=words))


if __name__ == "__main__":
    print(write(int(sys.argv[1]), Path(sys.argv[2])), "statements")
