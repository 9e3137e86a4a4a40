"""A page as a tree, for tests that ask what a reader finds on it."""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
)


class Element:
    """An element with its attributes, and its children: elements and pieces of text."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """The text in it, with each run of white space as one space."""
        return " ".join(self._text().split())

    def _text(self) -> str:
        return "".join(
            child if isinstance(child, str) else child._text() for child in self.children
        )

    def all(self, name: str, /, **attributes: str) -> "list[Element]":
        """Return the elements of this name below it that have all these attributes."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            element
            for element in self.below()
            if element.name == name and wanted.items() <= element.attributes.items()
        ]

    def one(self, name: str, /, **attributes: str) -> "Element":
        """Return the only such element."""
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{len(found)} × <{name}> {attributes}"
        return found[0]

    def code(self) -> "list[Element]":
        """Return the scripts below it that are no files of the bundle: what stands in the page."""
        return [
            script
            for script in self.all("script")
            if not (script.attributes.get("src") or "").startswith("/assets/built/")
        ]

    def section(self, heading: str) -> "Element":
        """Return the section under the second-level heading with this text."""
        found = [
            section
            for section in self.all("section")
            if [second.text for second in section.all("h2")] == [heading]
        ]
        assert len(found) == 1, f"{len(found)} sections {heading}"
        return found[0]

    def below(self) -> "Iterator[Element]":
        """Yield all elements below it in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("#document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> repeats an attribute"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Element:
    """Return the page; fails for tags that are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].name}> is not closed"
    return reader.open[0]
