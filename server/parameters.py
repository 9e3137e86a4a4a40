"""Parameters of a request, read strictly: UTF-8 only, and nothing is silently dropped."""

from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from kg.errors import BadParameter

FORM: Final = "application/x-www-form-urlencoded"
_MOST_PARAMETERS: Final = 1000


def parse_parameters(encoded: bytes, place: str) -> dict[str, list[str]]:
    """Return the values of each parameter in ``encoded``; ``place`` names where that came from.

    Raises :class:`~kg.errors.BadParameter`.
    """
    try:
        pairs = parse_qsl(
            decode(encoded, place),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise _not_utf8(place) from None
    except ValueError:
        raise BadParameter(
            f"There are more than {_MOST_PARAMETERS} parameters in {place}",
            remedy="Send fewer.",
        ) from None
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def decode(data: bytes, place: str) -> str:
    """Return ``data`` as text. Raises :class:`~kg.errors.BadParameter` if it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_utf8(place) from None


def one(name: str, values: list[str]) -> str | None:
    """Return the one value of the parameter ``name``, or ``None``.

    Raises :class:`~kg.errors.BadParameter` if there are several.
    """
    if len(values) > 1:
        raise BadParameter(
            f"There are {len(values)} parameters of the name {name}",
            where=name,
            remedy="Send one.",
        )
    return values[0] if values else None


def graphs(name: str, parameters: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the values of the parameter ``name``, which must be absolute IRIs.

    Raises :class:`~kg.errors.BadParameter`.
    """
    for iri in parameters.get(name, []):
        try:
            NamedNode(iri)
        except ValueError:
            raise BadParameter(
                f"{iri!r} is not an absolute IRI", where=name, remedy="Give a graph's whole IRI."
            ) from None
    return tuple(parameters.get(name, []))


def _not_utf8(place: str) -> BadParameter:
    return BadParameter(
        f"There are bytes in {place} that are not UTF-8", remedy="Send the query as UTF-8."
    )
