"""The form of well-known identifiers, with their check digits: what cannot be right is found."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# The letters of Crockford's base 32, of which a ROR identifier is made.
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of identifiers: the host of its IRIs, their one right form, and an example."""

    name: str
    host: str
    form: re.Pattern[str]
    example: str
    check: Callable[[str], bool] | None = None


def _isni(digits: str) -> bool:
    """Return whether the last of 16 characters is right (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[15]


def _ror(name: str) -> bool:
    """Return whether the last two digits are right (ISO 7064, MOD 97-10, as ROR uses it)."""
    number = 0
    for sign in name[:7]:
        number = number * 32 + _CROCKFORD.index(sign)
    return 98 - number * 100 % 97 == int(name[7:])


SCHEMES: Final = (
    Scheme(
        "Wikidata", "wikidata.org", re.compile(r"http://www\.wikidata\.org/entity/(Q[1-9]\d*)"),
        "http://www.wikidata.org/entity/Q843",
    ),
    Scheme(
        "EuroVoc", "eurovoc.europa.eu", re.compile(r"http://eurovoc\.europa\.eu/(\d+|c_[0-9a-f]{8})"),
        "http://eurovoc.europa.eu/2222",
    ),
    Scheme(
        "UNESCO Thesaurus", "vocabularies.unesco.org",
        re.compile(r"http://vocabularies\.unesco\.org/thesaurus/((?:concept|mt|domain)[\d.]+)"),
        "http://vocabularies.unesco.org/thesaurus/concept858",
    ),
    Scheme(
        "STW", "zbw.eu", re.compile(r"http://zbw\.eu/stw/(?:descriptor/\d+-\d|thsys/[\w.]+)"),
        "http://zbw.eu/stw/descriptor/17610-2",
    ),
    Scheme(
        "UNBIS or SDG", "metadata.un.org",
        re.compile(r"http://metadata\.un\.org/(?:thesaurus/\d+|sdg/[\w.]+)"),
        "http://metadata.un.org/thesaurus/1004695",
    ),
    Scheme(
        "GeoNames", "geonames.org", re.compile(r"https://sws\.geonames\.org/([1-9]\d*)/"),
        "https://sws.geonames.org/1168579/",
    ),
    Scheme(
        "ROR", "ror.org", re.compile(rf"https://ror\.org/(0[{_CROCKFORD}]{{6}}\d\d)"),
        "https://ror.org/00pnp4y96", _ror,
    ),
    Scheme(
        "ISNI", "isni.org", re.compile(r"https://isni\.org/isni/(\d{15}[\dX])"),
        "https://isni.org/isni/0000000404337882", _isni,
    ),
    Scheme(
        "DBpedia", "dbpedia.org", re.compile(r"http://dbpedia\.org/resource/(\S+)"),
        "http://dbpedia.org/resource/Pakistan",
    ),
)  # fmt: skip


_CHECKED: Final = tuple(f"{scheme.host}/" for scheme in SCHEMES if scheme.check)


def scheme_of(iri: str) -> Scheme | None:
    """Return the scheme that ``iri`` belongs to by its host, or ``None``."""
    host = re.match(r"https?://([^/]+)", iri)
    if host is None:
        return None
    name = host[1].lower().split(":")[0]
    return next((one for one in SCHEMES if name == one.host or name.endswith(f".{one.host}")), None)


def fault(iri: str) -> str | None:
    """Return what is wrong with the form of ``iri``, or ``None`` if nothing that can be seen is."""
    scheme = scheme_of(iri)
    if scheme is None:
        return None
    match = scheme.form.fullmatch(iri)
    if match is None:
        return f"{iri} is no {scheme.name} identifier; they look like {scheme.example}"
    if scheme.check and not scheme.check(match[1]):
        return f"{iri} has a wrong check digit for {scheme.name}"
    return None


def wrong_digits(iri: str) -> str | None:
    """Return what is wrong if ``iri`` is of a scheme with check digits, or ``None``; quick."""
    return fault(iri) if any(host in iri for host in _CHECKED) else None
