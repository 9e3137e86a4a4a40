"""The texts of the scripts of pages, which a page hands to its script in its language.

A script has them in English, by ``say()``; a test holds both to be the same.
"""

from collections.abc import Sequence
from typing import Final

from server.page_language import marked

_EDITOR: Final = (
    marked("Nothing opens this {sign}"),
    marked("Declare {prefix}:"),
    marked("Known prefixes are offered after the word PREFIX."),
    marked("The prefix {prefix}: is not declared."),
    marked(" or "),
    marked("Did you mean {names}?"),
    marked("Nothing in this graph uses {term}."),
    marked("Write {name}"),
    marked("Query"),
    marked("Used {count} times."),
    marked("{count} times with {name}."),
    marked("The answer is too large to be shown"),
    marked("Download it, or ask for less, by LIMIT."),
    marked("The server cannot be reached"),
    marked("Try again."),
    marked("The server says {status}"),
    marked("Map: {what} by country; the table beneath has the same"),
    marked(
        "The darker, the more. Shapes: Natural Earth, which draws borders as they are held; "
        "that takes no side."
    ),
    marked("Too small for this map: {names}."),
    marked("Map: {count} places; the table has the same"),
    marked("The first {shown} of {count} places."),
    marked("Shapes: Natural Earth, which draws borders as they are held; that takes no side."),
    marked("The map is being loaded…"),
    marked("The map could not be loaded."),
    marked("Sum of {column}"),
    marked("Rows"),
    marked("Countries on the map"),
    marked("{count} rows have no place."),
    marked("Answer"),
    marked("Run"),
    marked("Cancel"),
    marked("Share"),
    marked("Format"),
    marked("Ctrl+Space offers what fits at the cursor, Ctrl+Enter runs the query."),
    marked("Running…"),
    marked("{counted}, in {seconds} s."),
    marked("Cancelled after {seconds} s; the server has stopped."),
    marked("Line {line}, column {column}"),
    marked("What to do:"),
    marked("Download {format}"),
    marked("Downloads"),
    marked(
        "Nothing in the graph fits. Leave out a pattern at a time to see which one; marked "
        "terms are not used in this data."
    ),
    marked("Address of this query"),
    marked("Copied:"),
    marked("Copy this address:"),
    marked("Language"),
    marked("Program"),
    marked("Copy"),
    marked("Copied."),
    marked("Selected; copy it by the keyboard."),
    marked("Copy as a program"),
    marked("History"),
    marked("Download history"),
    marked("Forget all"),
    marked("Forget {count} queries?"),
    marked("{count} rows"),
    marked("The browser keeps no more: download the history."),
    marked("Yes."),
    marked("No."),
    marked("Table"),
    marked("Raw"),
    marked("Pivot"),
    marked("Chart"),
    marked("Map"),
    marked("Timeline"),
    marked("Show as"),
    marked("A yes or no"),
    marked("A graph"),
    marked("{count} rows; the table is cut off at {shown}, downloads have all"),
    marked("1 row"),
    marked("Answer as a table"),
    marked("… cut off; downloads have all"),
    marked("Columns"),
    marked("Cells"),
    marked("Bars: {amount} by {label}; the table has the same numbers"),
    marked("The first {shown} of {count} rows."),
    marked("The first {shown} of {count} rows are drawn."),
    marked("{count} rows have no {column}."),
    marked("No term fits."),
    marked("Find a term"),
    marked("Line of times by {when}; the list beneath has the same"),
)

_RECONCILE: Final = (
    marked("There is no name in this column."),
    marked("{done} of {count} names"),
    marked("Names that were looked up"),
    marked("Stop"),
    marked("Download CSV"),
    marked("Download SSSOM"),
    marked(
        "Go to a name and decide: arrows move, 1 to 5 choose a candidate, 0 says none of "
        "them, u takes back."
    ),
    marked("Show more ({count} left)"),
    marked("{score} points"),
    marked("none of these"),
    marked("{decided} of {count} names decided, {open} open."),
    marked("There is no table. Paste one, or choose a file."),
    marked("Row {row} has {cells} cells and the header {columns}."),
    marked("Columns {columns} have this header; give a number."),
    marked("There is no such column. Columns: {columns}."),
)

_SCRIPTS: Final = {"editor": _EDITOR, "reconcile": _RECONCILE}


def script_words(name: str) -> Sequence[str]:
    """Return the texts of the script ``name`` in English."""
    return _SCRIPTS[name]
