"""What the Reconciliation API answers, as JSON (version 0.2 of the specification)."""

from collections.abc import Iterable
from typing import Any
from typing import Final

from pyoxigraph import Literal

from kg import __version__
from kg.namespaces import POL
from kg.namespaces import XSD
from kg.namespaces import shorten
from kg.reconcile.entry import Entry
from kg.reconcile.matching import Candidate
from kg.reconcile.reconciler import Extending
from kg.reconcile.reconciler import Reconciliation
from server.service import Service

_DEFAULT_TYPES: Final = (
    "Actor", "Country", "Event", "Goal", "Organization", "Person", "Place", "Policy",
    "PolicyFramework", "Topic",
)  # fmt: skip
PREVIEW_SIZE: Final = (430, 300)  # pixels
_KINDS: Final = ("entity", "property", "type")
_NUMBERS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))


def manifest(service: Service, known: Reconciliation) -> dict[str, Any]:
    """Return the service manifest (section 3.1)."""
    address = f"{service.address}/reconcile"
    return {
        "versions": ["0.1", "0.2"],
        "name": "policykg: things in policy reports",
        "identifierSpace": service.settings.base_iri,
        "schemaSpace": POL,
        "documentation": f"{service.address}/reconcile",
        "serviceVersion": __version__,
        "logo": f"{service.address}/assets/icon.svg",
        "defaultTypes": default_types(known),
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "feature_view": {"url": f"{address}#feature-{{{{id}}}}"},
        "preview": {
            "url": f"{address}/preview?id={{{{id}}}}",
            "width": PREVIEW_SIZE[0],
            "height": PREVIEW_SIZE[1],
        },
        "suggest": {
            kind: {
                "service_url": address,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": address,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in _KINDS
        },
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/properties"},
            "property_settings": [
                {
                    "type": "number",
                    "name": "limit",
                    "label": "Limit",
                    "default": 0,
                    "help_text": "Most values of each thing; 0 takes all.",
                }
            ],
        },
    }


def default_types(known: Reconciliation) -> list[dict[str, str]]:
    """Return those classes of things in the graph that most tables are about."""
    names = known.suggester.classes
    return [type_of(POL + name, names) for name in _DEFAULT_TYPES if POL + name in names]


def type_of(iri: str, names: dict[str, str]) -> dict[str, str]:
    """Return a class as the API writes it."""
    return {"id": type_id(iri), "name": names.get(iri) or type_id(iri)}


def type_id(iri: str) -> str:
    """Return the short form by which the API names a class or a property."""
    return shorten(iri).strip("<>")


def results(candidates: Iterable[Candidate], names: dict[str, str]) -> dict[str, Any]:
    """Return the candidates of a query (section 4.4), with the reason of each in words."""
    return {
        "result": [
            {
                "id": one.entry.iri,
                "name": one.entry.name,
                "description": one.entry.description,
                "score": one.score,
                "match": one.match,
                "type": [type_of(iri, names) for iri in one.entry.types],
                "features": [{"id": id_, "value": value} for id_, value in one.features.items()],
                "reason": one.reason,
            }
            for one in candidates
        ]
    }


def suggestion(entry: Entry, names: dict[str, str]) -> dict[str, Any]:
    """Return a thing as the suggest service writes it (section 5.1)."""
    return {
        "id": entry.iri,
        "name": entry.name,
        "description": entry.description,
        "notable": [type_of(iri, names) for iri in entry.types],
    }


def extension(
    entries: dict[str, Entry | None],
    asked: list[tuple[str, dict[str, Any]]],
    properties: Extending,
) -> dict[str, Any]:
    """Return the values of properties of things (section 7.3); unknown things have none."""
    names = [name for name, _ in asked]
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for id_, entry in entries.items():
        values = properties.values(entry, names) if entry else {}
        rows[id_] = {}
        for name, settings in asked:
            most = settings.get("limit")
            cut = int(most) if isinstance(most, int | float) and most >= 1 else None
            rows[id_][name] = [_value(one) for one in values.get(name, [])[:cut]]
    meta = [{"id": name, "name": properties.name(name)} for name in names]
    return {"meta": meta, "rows": rows}


def _value(value: str | Entry | Literal) -> dict[str, Any]:
    if isinstance(value, Entry):
        return {"id": value.iri, "name": value.name}
    if isinstance(value, str):
        return {"str": value}
    datatype = value.datatype.value
    try:
        if datatype == XSD + "integer":
            return {"int": int(value.value)}
        if datatype in _NUMBERS:
            return {"float": float(value.value)}
    except ValueError:
        pass
    if datatype == XSD + "boolean":
        return {"bool": value.value in ("true", "1")}
    if datatype == XSD + "date" and len(value.value) == len("2014-12-24"):
        return {"date": f"{value.value}T00:00:00Z"}
    return {"str": value.value}
