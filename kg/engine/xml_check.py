"""Whether a document is well-formed XML to its end: for RDF/XML half of one passes as a whole."""

from typing import BinaryIO
from typing import NoReturn
from xml.parsers.expat import ExpatError
from xml.parsers.expat import ParserCreate
from xml.parsers.expat import errors

from kg.errors import BadData


def check_xml(file: BinaryIO, name: str = "", *, entities: bool = False) -> None:
    """Raise :class:`~kg.errors.BadData`, with line and column after ``name``, for a document
    that is cut off or not well-formed and, unless it may have ``entities``, one that declares some:
    they can grow without bound.
    """
    before = f"{name}, " if name else ""

    def entity(*_: object) -> NoReturn:
        raise BadData(
            "The file declares XML entities",
            where=f"{before}line {parser.CurrentLineNumber}",
            remedy="Write the IRIs out, for instance by converting the file to Turtle.",
        )

    parser = ParserCreate()
    if not entities:
        parser.EntityDeclHandler = entity
    try:
        parser.ParseFile(file)
    except ExpatError as error:
        raise BadData(
            f"The data is no XML: {errors.messages[error.code]}",
            where=f"{before}line {error.lineno}, column {error.offset + 1}",
            remedy="Correct this place; a file that was cut off must be fetched again.",
        ) from None
