"""Names made comparable: without case, accents, punctuation and differences of spelling."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SPELLINGS: Final = (
    (re.compile(r"isation(s?)\b"), r"ization\1"),
    (re.compile(r"ise(d|s)?\b"), r"ize\1"),
    (re.compile(r"our\b"), "or"),
)
_STOPPED: Final = frozenset(("the", "of", "and", "for", "in", "on", "a", "an", "to"))


@lru_cache(maxsize=200_000)
def comparable(name: str) -> str:
    """Return ``name`` in a form in which names that differ only in writing are equal."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = re.sub(r"[^\w\s]|_", " ", text.replace("’", "").replace("'", ""))
    for form, other in _SPELLINGS:
        text = form.sub(other, text)
    return " ".join(_singular(word) for word in text.split())


def words(text: str) -> set[str]:
    """Return the words of ``text`` that tell something, in comparable form."""
    return {word for word in comparable(text).split() if word not in _STOPPED and len(word) > 2}


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word
