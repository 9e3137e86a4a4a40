"""Citations hold the exact version, and nothing that would break BibTeX."""

from kg.engine.interface import Version
from server.citation import citation


def test_characters_that_mean_something_to_tex_are_escaped() -> None:
    cited = citation(
        "50% of {A} & B_1 #2 $\\~^\n", "https://example.org/id/a-{b}", Version(7, "ab", 1)
    )
    assert cited.bibtex == (
        "@misc{policykg-a-b-v7,\n"
        r"  title = {{50\% of \{A\} \& B\_1 \#2 \$\textbackslash{}\textasciitilde{}"
        "\\textasciicircum{}}},\n"
        "  howpublished = {In: policykg, a knowledge graph of what policy reports say},\n"
        "  version = {7},\n"
        "  note = {SHA-256 ab},\n"
        "  url = {https://example.org/id/a-%7Bb%7D}\n"
        "}"
    )
