"""Where the boxes of the diagram stand: in columns, by how far they are from the central class."""

from collections.abc import Sequence
from typing import Final

from kg.build.schema import Box

_ROUNDS: Final = 8  # of sorting; more change nothing


def arrange(found: Sequence[Box]) -> list[list[Box]]:
    """Return the boxes in columns from left to right, each from top to bottom.

    The class with the most properties stands alone on the left, those that it is joined with are
    next to it, and so on, so that an arrow never crosses a column. Inside a column each box stands
    near those it is joined with. Boxes without any join fill the shortest columns.
    """
    joined = _joined(found)
    by_name = {box.name: box for box in found}
    hub = min(found, key=lambda box: (-_size(box), box.name)).name
    columns = [[hub]]
    placed = {hub}
    while True:
        following = sorted({one for name in columns[-1] for one in joined[name]} - placed)
        if not following:
            break
        columns.append(following)
        placed |= set(following)
    for _ in range(_ROUNDS):
        for number in range(1, len(columns)):
            columns[number] = _sorted(columns[number], columns[number - 1], joined)
        for number in range(len(columns) - 2, 0, -1):
            columns[number] = _sorted(columns[number], columns[number + 1], joined)
    arranged = [[by_name[name] for name in names] for names in columns]
    for name in sorted(by_name.keys() - placed):
        shortest = min(arranged, key=lambda column: sum(map(_height, column)))
        shortest.append(by_name[name])
    return arranged


def _joined(found: Sequence[Box]) -> dict[str, set[str]]:
    joined: dict[str, set[str]] = {box.name: set() for box in found}
    for box in found:
        for other in (*box.above, *(row.target for row in box.rows)):
            if other in joined and other != box.name:
                joined[box.name].add(other)
                joined[other].add(box.name)
    return joined


def _sorted(column: list[str], beside: list[str], joined: dict[str, set[str]]) -> list[str]:
    """Return ``column`` by the mean place of what each box is joined with in the column beside."""
    places = {name: number for number, name in enumerate(beside)}

    def mean(name: str) -> float:
        found = [places[other] for other in joined[name] if other in places]
        return sum(found) / len(found) if found else len(beside) / 2

    return sorted(column, key=lambda name: (mean(name), name))


def _size(box: Box) -> int:
    return sum(len(row.properties) for row in box.rows if row.target)


def _height(box: Box) -> int:
    """Return the height of the box in lines, roughly."""
    words = sum(len(name) for name in (*box.below, *box.values))
    return 3 + len(box.rows) + words // 40
