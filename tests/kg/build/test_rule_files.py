"""Each rule file does what it says, on the smallest data."""

import hashlib

import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import Triple
from pyoxigraph import parse

from kg.build.read import Sources
from kg.namespaces import ID
from kg.namespaces import PREFIXES

PREFIX_LINES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def triples(turtle: str) -> set[Triple]:
    text = (PREFIX_LINES + turtle).encode()
    return {
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in parse(text, format=RdfFormat.TURTLE)
    }


def derived(sources: Sources, name: str, turtle: str) -> set[Triple]:
    (rule,) = [r for r in sources.rules if r.name == f"ontology/rules/{name}.rq"]
    store = Store()
    store.load((PREFIX_LINES + turtle).encode(), format=RdfFormat.TURTLE)
    return set(store.query(rule.text)) - triples(turtle)  # type: ignore[arg-type]


CASES = {
    "closure-subclass": (
        "pol:Report rdfs:subClassOf pol:Publication . pol:Publication rdfs:subClassOf pol:Document"
        " . id:r a pol:Report .",
        "id:r a pol:Publication, pol:Document .",
    ),
    "closure-subproperty": (
        "pol:a rdfs:subPropertyOf pol:b . pol:b rdfs:subPropertyOf pol:c . id:x pol:a id:y .",
        "id:x pol:b id:y ; pol:c id:y .",
    ),
    "closure-inverse": (
        "pol:a owl:inverseOf pol:b . id:x pol:a id:y . id:v pol:b id:w .",
        "id:y pol:b id:x . id:w pol:a id:v .",
    ),
    "closure-symmetric": (
        "pol:a a owl:SymmetricProperty . id:x pol:a id:y ; pol:b id:y .",
        "id:y pol:a id:x .",
    ),
    "closure-transitive": (
        "pol:a a owl:TransitiveProperty . id:x pol:a id:y . id:y pol:a id:z ; pol:b id:w .",
        "id:x pol:a id:z .",
    ),
    "closure-domain": ("pol:a rdfs:domain pol:C . id:x pol:a 1 .", "id:x a pol:C ."),
    "closure-range": (
        "pol:a a owl:ObjectProperty ; rdfs:range pol:C . id:x pol:a id:y ."
        " pol:d a owl:DatatypeProperty ; rdfs:range xsd:date . id:x pol:d 1 .",
        "id:y a pol:C .",
    ),
    "claim-label": (
        'id:c pol:subject id:x ; pol:statement "It rains."@en .'
        ' id:no-claim pol:statement "Not one."@en .',
        'id:c rdfs:label "It rains."@en .',
    ),
    "topic-label": (
        'topic:t a pol:Topic ; rdfs:label "Fish"@en, "Fisch"@de . id:p a pol:Place ;'
        ' rdfs:label "Here"@en .',
        'topic:t skos:prefLabel "Fish"@en, "Fisch"@de .',
    ),
    "publication-terms": (
        "id:r pol:hasAuthor id:a ; pol:hasPublisher id:b ; pol:hasTopic topic:t ;"
        ' pol:publishedOn "2015-05-13"^^xsd:date ; pol:acknowledges id:n .',
        "id:r dcterms:creator id:a ; dcterms:publisher id:b ; dcterms:subject topic:t ;"
        ' dcterms:issued "2015-05-13"^^xsd:date .',
    ),
    "web-annotation": (
        "id:p a pol:Passage ; pol:start 3 ; pol:end 9 .",
        "id:p oa:hasSelector id:p-position . id:p-position a oa:TextPositionSelector ;"
        ' rdfs:label "Code points 3 to 9"@en ; oa:start 3 ; oa:end 9 .',
    ),
    "passage-link": (
        'id:p pol:inText id:t ; pol:quote "quasi-military, or æ"@en . id:t pol:textOf id:d .'
        " id:d foaf:page <https://example.org/page> ."
        ' id:q pol:inText id:u ; pol:quote "no page"@en . id:u pol:textOf id:e .',
        "id:p foaf:page <https://example.org/page#:~:text=quasi%2Dmilitary%2C%20or%20%C3%A6> .",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_rule_derives_this_and_no_more(name: str, sources: Sources) -> None:
    given, expected = CASES[name]
    assert derived(sources, name, given) == triples(expected)


CLAIM = (
    "id:c a pol:Finding ; pol:subject id:x ; pol:predicate pol:causes ; {object} ;"
    " pol:certainty pol:certain ; pol:modality pol:actual ; pol:negated false ."
)
FORMS = {
    "direct-object": ("pol:object id:y", "id:y", "pol:derivedObject", "id/y"),
    "direct-value": ('pol:value "y"@en', '"y"@en', "pol:derivedValue", "y"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_certain_claim_becomes_a_statement_with_a_record(name: str, sources: Sources) -> None:
    said, value, prop, text = FORMS[name]
    claim = CLAIM.replace("{object}", said)
    spelled = text if name == "direct-value" else ID + "y"
    key = f"{ID}x {PREFIXES['pol']}causes {spelled}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    assert derived(sources, name, claim) == triples(
        f"id:x pol:causes {value} . id:derivation-{digest} a pol:Derivation ;"
        f' rdfs:label "Derived statement {digest}"@en ; pol:derivedSubject id:x ;'
        f" pol:derivedPredicate pol:causes ; {prop} {value} ; pol:rule id:rule-{name} ;"
        " prov:wasDerivedFrom id:c ."
    )


@pytest.mark.parametrize("name", FORMS)
def test_two_claims_of_one_content_make_one_record(name: str, sources: Sources) -> None:
    claim = CLAIM.replace("{object}", FORMS[name][0])
    both = derived(sources, name, claim + claim.replace("id:c ", "id:d "))
    one = derived(sources, name, claim)
    assert len(both - one) == 1
    assert one < both


# A weakness of a claim, each by itself enough to keep its content from being stated directly.
WEAK = {
    "probable": ("pol:certainty pol:certain", "pol:certainty pol:probable"),
    "possible": ("pol:certainty pol:certain", "pol:certainty pol:possible"),
    "unclear": ("pol:certainty pol:certain", "pol:certainty pol:unclear"),
    "no certainty": ("pol:certainty pol:certain ;", ""),
    "recommended": ("pol:modality pol:actual", "pol:modality pol:recommended"),
    "needed": ("pol:modality pol:actual", "pol:modality pol:needed"),
    "predicted": ("pol:modality pol:actual", "pol:modality pol:predicted"),
    "scheduled": ("pol:modality pol:actual", "pol:modality pol:scheduled"),
    "prospective": ("pol:modality pol:actual", "pol:modality pol:prospective"),
    "negated": ("pol:negated false", "pol:negated true"),
    "not said whether negated": ("; pol:negated false", ""),
    "a recommendation": ("a pol:Finding", "a pol:Recommendation"),
    "an open question": ("a pol:Finding", "a pol:OpenQuestion"),
    "a forecast": ("a pol:Finding", "a pol:Forecast"),
    "hedged": ("a pol:Finding", 'a pol:Finding ; pol:hedge "perhaps"@en'),
    "attributed": ("a pol:Finding", "a pol:Finding ; pol:attributedTo id:someone"),
    "limited in scope": ("a pol:Finding", "a pol:Finding ; pol:withRespectTo id:trade"),
    "a lower bound": ("a pol:Finding", "a pol:Finding ; pol:bound pol:lowerBound"),
    "approximate": ("a pol:Finding", "a pol:Finding ; pol:bound pol:approximateValue"),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("weakness", WEAK)
def test_a_weak_claim_states_nothing(name: str, weakness: str, sources: Sources) -> None:
    claim = CLAIM.replace("{object}", FORMS[name][0])
    old, new = WEAK[weakness]
    assert old in claim
    assert derived(sources, name, claim.replace(old, new)) == set()


def test_an_exact_number_is_stated(sources: Sources) -> None:
    claim = CLAIM.replace("{object}", FORMS["direct-value"][0])
    exact = claim.replace("a pol:Finding", "a pol:Finding ; pol:bound pol:exactValue")
    assert derived(sources, "direct-value", exact) == derived(sources, "direct-value", claim)


def test_every_rule_file_has_a_test_here(sources: Sources) -> None:
    names = {
        rule.name.removeprefix("ontology/rules/").removesuffix(".rq") for rule in sources.rules
    }
    assert names == CASES.keys() | FORMS.keys()
