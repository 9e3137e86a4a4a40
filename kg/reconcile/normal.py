"""Names in a form in which they can be compared: one case, no accents, no punctuation."""

import re
import unicodedata
from functools import cache
from functools import lru_cache
from importlib.resources import files
from typing import Final

_STOP: Final = frozenset(
    ("the", "of", "and", "between", "for", "in", "on", "at", "to", "a", "an", "by")
    + ("de", "la", "le", "les", "du", "des", "et", "y", "el", "der", "die", "das", "und")
)
# Letters that Arabic, Persian and Urdu write differently and that keyboards mix.
_SAME_LETTERS: Final = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ھ": "ہ", "ۂ": "ہ",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ـ": "", "\u200c": " ", "\u200d": "",
        "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe",
    }
)  # fmt: skip
_POSSESSIVE: Final = re.compile(r"['’ʼ`´]s\b")
_APOSTROPHE: Final = re.compile(r"['’‘ʼʿʾ`´]")
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_OTHER: Final = re.compile(r"[\W_]+")
# Sounds that are written in several ways when a name passes from one script to another.
_SOUNDS: Final = (
    ("dzh", "j"), ("tsch", "c"), ("dsch", "j"), ("tch", "c"), ("sch", "s"), ("dj", "j"),
    ("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "k"), ("th", "t"), ("ph", "f"), ("zh", "j"),
    ("dh", "d"), ("bh", "b"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("c", "k"), ("z", "s"),
)  # fmt: skip
_VOWELS: Final = re.compile(r"[aeiouwyvh]")
_DOUBLE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=16384)
def normal(text: str) -> str:
    """Return ``text`` in lower case without accents and punctuation, words apart by one space."""
    if text.isascii():
        return _normal_ascii(text)
    text = unicodedata.normalize("NFKC", text)
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = _POSSESSIVE.sub("", text.casefold())
    text = _APOSTROPHE.sub("", text).replace("&", " and ").replace("+", " and ")
    text = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    return " ".join(_OTHER.sub(" ", text.translate(_SAME_LETTERS)).split())


def _normal_ascii(text: str) -> str:
    """Return the same for the many names that have no letter to be taken apart."""
    if "." in text:
        text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = text.lower()
    if "'" in text or "`" in text:
        text = _APOSTROPHE.sub("", _POSSESSIVE.sub("", text))
    return " ".join(_OTHER.sub(" ", text.replace("&", " and ").replace("+", " and ")).split())


def words(normalised: str) -> tuple[str, ...]:
    """Return the words that count, in one spelling; all of them if there are no others."""
    same = _table("equal_words")
    found = tuple(same.get(one, one) for one in normalised.split())
    return tuple(one for one in found if one not in _STOP) or found


def abbreviated(word: str) -> str | None:
    """Return the word that ``word`` is the usual short form of, or ``None``."""
    return _table("abbreviations").get(word)


def expansions(normalised: str) -> tuple[str, ...]:
    """Return what ``normalised``, a short form of several words, may be written out as."""
    return _several("expansions").get(normalised, ())


def is_latin(text: str) -> bool:
    """Return whether all letters of ``text`` are Latin ones."""
    return text.isascii() or all(
        ord(sign) < 0x250 or not sign.isalpha() or "LATIN" in unicodedata.name(sign, "")
        for sign in text
    )


def transliterated(normalised: str) -> str:
    """Return ``normalised`` in Latin letters."""
    from anyascii import anyascii  # imported when needed: a start is to be quick

    return normal(anyascii(normalised))


@lru_cache(maxsize=16384)
def skeleton(latin: str) -> str:
    """Return the consonants that stay when a name passes through other scripts and languages."""
    text = latin.replace(" ", "")
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", text))


@cache
def _table(name: str) -> dict[str, str]:
    return {short: full[0] for short, full in _several(name).items()}


@cache
def _several(name: str) -> dict[str, tuple[str, ...]]:
    text = files("kg.reconcile").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines()[1:]:
        short, full = line.split("\t")
        found[short] = (*found.get(short, ()), full)
    return found
