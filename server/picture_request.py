"""What the address of the picture asks for: where it starts, what is opened, what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from kg.errors import BadParameter
from server.claim_view import CERTAINTIES
from server.links import Links

OPENED: Final = 8  # things besides the first that a reader can open at a time
# What no claim says has no certainty: facts of a record, such as who wrote a report.
RECORDED: Final = "recorded"
LEVELS: Final = (*CERTAINTIES, "other", RECORDED)
_KINDS: Final = 30
_KNOWN: Final = ("start", "open", "kind", "certainty", "lang")


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """The names of the first thing and of those that are ``opened``, and the ``kinds`` and
    ``levels`` of certainty that are shown, all if there are none.
    """

    start: str
    opened: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def things(self) -> tuple[str, ...]:
        """The names of all things of which the neighbours are shown."""
        return (self.start, *self.opened)

    def with_opened(self, name: str) -> "PictureRequest":
        """Return the request that shows the neighbours of ``name`` too."""
        return replace(self, opened=(*self.opened, name))

    def without(self, name: str) -> "PictureRequest":
        """Return the request that does not show them."""
        return replace(self, opened=tuple(one for one in self.opened if one != name))

    def address(self, extension: str = "") -> str:
        """Return the address of the picture as a page, or as JSON or SVG."""
        pairs = [("start", self.start)]
        pairs += [("open", name) for name in self.opened]
        pairs += [("kind", kind) for kind in self.kinds]
        pairs += [("certainty", level) for level in self.levels]
        return f"/picture{extension}?{urlencode(pairs)}"


def picture_request(
    arguments: "MultiDict[str, str]", links: Links, *, more: Sequence[str] = ()
) -> PictureRequest:
    """Return what ``arguments`` ask for; ``more`` are names of parameters that others read.

    Raises :class:`~kg.errors.BadParameter`, which says what is allowed.
    """
    for name in arguments:
        if name not in (*_KNOWN, *more):
            raise BadParameter(
                f"The picture has no parameter {name[:80]!r}",
                where=name[:80],
                remedy=f"Known: {', '.join(_KNOWN)}.",
            )
    start = arguments.get("start", "")
    opened = [one for one in dict.fromkeys(arguments.getlist("open")) if one and one != start]
    if len(opened) > OPENED:
        raise BadParameter(
            f"{len(opened)} things are to be opened",
            where="open",
            remedy=f"Open {OPENED} at most besides the first, or start at another thing.",
        )
    for place, name in (("start", start), *(("open", one) for one in opened)):
        thing(name, links, place)
    kinds = tuple(one for one in dict.fromkeys(arguments.getlist("kind")) if one)
    if len(kinds) > _KINDS or any(len(one) > 200 for one in kinds):
        raise BadParameter("These are no kinds", where="kind", remedy="Take those of the page.")
    levels = tuple(one for one in dict.fromkeys(arguments.getlist("certainty")) if one)
    for level in levels:
        if level not in LEVELS:
            raise BadParameter(
                f"{level[:80]!r} is no certainty",
                where="certainty",
                remedy=f"Known: {', '.join(LEVELS)}.",
            )
    return PictureRequest(start, tuple(opened), kinds, levels)


def thing(name: str, links: Links, place: str = "start") -> NamedNode:
    """Return the thing with this ``name``: its slug, after "topic/" if it is a topic.

    Raises :class:`~kg.errors.BadParameter` for what cannot be a name.
    """
    slug = name.removeprefix("topic/")
    kind = "id" if slug == name else "topic"
    try:
        if slug and "/" not in slug and len(slug) <= 500:
            return NamedNode(links.iri(kind, slug))
    except ValueError:
        pass
    raise BadParameter(
        f"{name[:80]!r} is no name of a thing",
        where=place,
        remedy="Give the last part of the address of its page, such as national-action-plan, "
        "or topic/ and that of a topic.",
    )


def name_of_thing(iri: str, links: Links) -> str | None:
    """Return the name by which :func:`thing` finds ``iri``, or ``None`` if it does not."""
    for start, prefix in ((links.iri("id"), ""), (links.iri("topic"), "topic/")):
        slug = iri.removeprefix(start)
        if slug != iri and slug and "/" not in slug:
            return prefix + slug
    return None
