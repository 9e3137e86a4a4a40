"""The words of a question of the catalogue, with what each is worth."""

from functools import cache
from importlib.resources import files

from kg.catalogue import CatalogueQuery
from kg.search.tokens import passed_over
from kg.search.tokens import stem
from kg.search.tokens import tokens


def weights(question: CatalogueQuery) -> dict[str, float]:
    """Return the stems of the words of a question, each with what it is worth."""
    asked = " ".join(text for text, _ in question.sentence)
    labels = [one.label for one in question.parameters]
    parts = (
        (1.0, f"{question.title} {asked} {question.name}"),
        (0.9, _everyday().get(question.name, "")),
        (0.6, " ".join([question.family, *question.tags, *labels])),
        (0.4, question.description),
        (
            0.25,
            " ".join(
                [
                    *(c.description for c in question.columns),
                    *(p.description for p in question.parameters),
                ]
            ),
        ),
    )
    found: dict[str, float] = {}
    for weight, text in parts:
        for word in tokens(text):
            if word not in passed_over("questions"):
                found[stem(word)] = max(weight, found.get(stem(word), 0.0))
    return found


@cache
def _everyday() -> dict[str, str]:
    text = files("kg.search").joinpath("everyday_words.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines()[1:])
