"""The process that reads a dataset's file: shut in, so that a hostile file harms nobody.

Run as ``python -m kg.linking.datasets.child`` with a request as JSON on standard input; writes the
statements as N-Triples to a file that is open already, and its verdict to standard output.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any
from typing import Final

from pyoxigraph import RdfFormat
from pyoxigraph import serialize

from kg.engine.isolation.sandbox import die_with_parent
from kg.engine.isolation.sandbox import limit_memory
from kg.engine.isolation.sandbox import shut_in
from kg.errors import BadData
from kg.linking.datasets.convert import file_triples

STACK: Final = 64 * 1024 * 1024  # bytes, for files that nest deeply


def main() -> None:
    """Read the request, then the file; report ``ok`` or the fault."""
    request: dict[str, Any] = json.load(sys.stdin)
    die_with_parent()
    path = Path(request["path"])
    mapping = Path(request["mapping"]) if request["mapping"] else None
    limit_memory(request["memory"])
    resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"]))
    with Path(request["out"]).open("wb") as out:
        # Python itself reads parts of its library only when they are needed.
        library = Path(json.__file__).parents[1]
        shut_in(readable=[path, library, *([mapping] if mapping else [])])
        try:
            triples = file_triples(
                path, request["format"], request["name"], mapping, request["base"]
            )
            serialize(triples, out, format=RdfFormat.N_TRIPLES)
        except BadData as error:
            report = {"detail": error.detail, "where": error.where, "remedy": error.remedy}
            print(json.dumps(report))
            return
        except MemoryError:
            print(json.dumps({"detail": "The file needs too much memory", "where": path.name}))
            return
    print(json.dumps({"ok": True}))


if __name__ == "__main__":
    main()
