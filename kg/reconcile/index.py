"""The index of names: from a name as somebody wrote it to the few names that it may be."""

import re
from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from heapq import nlargest
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz import process

from kg.reconcile.entry import Entry
from kg.reconcile.entry import Name
from kg.reconcile.entry import NameKind
from kg.reconcile.normal import expansions
from kg.reconcile.normal import normal
from kg.reconcile.normal import skeleton
from kg.reconcile.normal import transliterated
from kg.reconcile.normal import words

_LOOKED_AT: Final = 6000  # entries of the lists of letter groups that one name may cost
_KEPT: Final = 40  # names that share most letter groups
_COMPARED: Final = 12  # of those, names that are compared word by word
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_SHORTEST_SKELETON: Final = 3


class Index:
    """Names of ``entries``, found whole, by words in any order, by sound and by letter groups."""

    def __init__(self, entries: Sequence[Entry], class_names: Mapping[str, str]) -> None:
        self.entries = {entry.iri: entry for entry in entries}
        self.class_names = dict(class_names)
        self.names: list[Name] = []
        self._by_text: dict[str, list[Name]] = defaultdict(list)
        self._by_words: dict[str, list[Name]] = defaultdict(list)
        self._by_letters: dict[str, list[Name]] = defaultdict(list)
        self._by_sound: dict[str, list[Name]] = defaultdict(list)
        self._by_code: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        self._groups: dict[str, list[int]] = defaultdict(list)
        self._sizes: list[int] = []
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        seen: set[str] = set()
        kinds: tuple[NameKind, ...] = ("label", "other")
        for kind in kinds:
            for text in entry.labels.get(kind, ()):
                for form in _forms(text):
                    self._add_name(Name(entry, form, kind), seen)
                for form in expansions(normal(text)) if text.isupper() else ():
                    self._add_name(Name(entry, form, "other"), seen)
        label = Name(entry, entry.name, "label")
        letters = "".join(one[0] for one in label.words)
        if len(label.words) > 2 and label.latin and letters not in seen:
            self._by_text[letters].append(Name(entry, letters.upper(), "initials"))
        self._by_code[entry.iri].append(("iri", entry))
        for target in entry.targets:
            self._by_code[target].append(("iri", entry))
        for scheme, codes in entry.codes.items():
            for code in codes:
                self._by_code[code].append((scheme, entry))

    def _add_name(self, name: Name, seen: set[str]) -> None:
        if not name.normal or name.normal in seen:
            return
        seen.add(name.normal)
        self._by_text[name.normal].append(name)
        self._by_words[" ".join(sorted(name.words))].append(name)
        self._by_letters["".join(name.words)].append(name)
        latin = name.normal if name.latin else transliterated(name.normal)
        sound = skeleton(latin)
        if len(sound) >= _SHORTEST_SKELETON:
            self._by_sound[sound].append(name)
        place = len(self.names)
        self.names.append(name)
        groups = _letter_groups(name.normal)
        self._sizes.append(len(groups))
        for group in groups:
            self._groups[group].append(place)

    def by_code(self, text: str) -> list[tuple[str, Entry]]:
        """Return the things with the identifier or the IRI ``text``, each with its scheme."""
        return self._by_code.get(text.strip(), [])

    def by_text(self, normalised: str) -> list[Name]:
        """Return the names that are ``normalised``."""
        return self._by_text.get(normalised, [])

    def by_words(self, found: Iterable[str]) -> list[Name]:
        """Return the names of the same words in any order."""
        return self._by_words.get(" ".join(sorted(found)), [])

    def by_letters(self, found: Iterable[str]) -> list[Name]:
        """Return the names of the same letters, however they are parted into words."""
        return self._by_letters.get("".join(found), [])

    def by_sound(self, latin: str) -> list[Name]:
        """Return the names that sound like ``latin``, a name in Latin letters."""
        sound = skeleton(latin)
        return self._by_sound.get(sound, []) if len(sound) >= _SHORTEST_SKELETON else []

    def similar(self, normalised: str) -> list[Name]:
        """Return the names that share most letters with ``normalised``, the most similar first."""
        lists = [self._groups[g] for g in _letter_groups(normalised) if g in self._groups]
        counts: Counter[int] = Counter()
        looked_at = 0
        # The rarest groups tell most; what all names have tells nothing and costs much.
        for places in sorted(lists, key=len):
            if looked_at and looked_at + len(places) > _LOOKED_AT:
                break
            counts.update(places)
            looked_at += len(places)
        if not counts:
            return []
        asked = len(_letter_groups(normalised))
        sizes = self._sizes
        kept = nlargest(_KEPT, counts, key=lambda place: counts[place] / (asked + sizes[place]))
        texts = {place: self.names[place].normal for place in kept}
        best = process.extract(
            normalised, texts, scorer=fuzz.token_sort_ratio, limit=_COMPARED, score_cutoff=35
        )
        return [self.names[place] for _, _, place in best]


def _forms(text: str) -> list[str]:
    """Return ``text``, and for ``name (short name)`` either part as well."""
    match = _BRACKETS.search(text)
    if match is None:
        return [text]
    without = _BRACKETS.sub("", text).strip()
    inside = match[1].strip()
    is_short = inside.isupper() and inside.isalpha() and len(inside) > 1
    return [text, *([without, inside] if is_short and without else [])]


def _letter_groups(normalised: str) -> set[str]:
    """Return the groups of three letters of the words, with their beginnings."""
    groups: set[str] = set()
    for word in words(normalised):
        padded = f" {word} "
        groups.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return groups
