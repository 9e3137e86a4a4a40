"""Reading a dataset's file in a process of its own, with bounded time and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from kg.errors import BadData
from kg.namespaces import BASE

SECONDS: Final = 600
MEMORY: Final = 4 * 1024**3  # bytes
SIZE: Final = 1024**3  # bytes of a file


def read_isolated(
    path: Path,
    format_name: str,
    name: str,
    out: Path,
    mapping: Path | None = None,
    base: str = BASE,
) -> None:
    """Write the statements of the file ``path`` to ``out`` as N-Triples.

    Raises :class:`~kg.errors.BadData` with the place of the first fault, or for a file that is
    missing, too large, or ends the process that reads it.
    """
    for file in (path, *([mapping] if mapping else [])):
        if not file.is_file():
            raise BadData("There is no such file", where=str(file), remedy="Check the path.")
    if path.stat().st_size > SIZE:
        raise BadData(
            f"The file has more than {SIZE // 1024**2} megabytes",
            where=path.name,
            remedy="Cut it into several datasets.",
        )
    request = {
        "path": str(path.resolve()),
        "format": format_name,
        "name": name,
        "out": str(out),
        "mapping": str(mapping.resolve()) if mapping else "",
        "base": base,
        "seconds": SECONDS,
        "memory": MEMORY,
    }
    done = subprocess.run(
        [sys.executable, "-m", "kg.linking.datasets.child"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        how = f"it nests too deeply or takes too much ({last[:200]})"
        raise BadData(
            f"The file ended the process that read it: {how}",
            where=path.name,
            remedy="Flatten it or cut it into several datasets. Nothing was imported.",
        ) from None
    if not report.get("ok"):
        remedy = " ".join(filter(None, (report.get("remedy"), "Nothing was imported.")))
        raise BadData(report["detail"], where=report.get("where"), remedy=remedy)
