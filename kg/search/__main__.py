"""Makes the index of a data folder in a process of its own: DATA FOLDER BASE."""

import sys
from pathlib import Path


def main() -> None:
    """Make the index that the arguments name."""
    from kg.engine.embedded import EmbeddedEngine
    from kg.search.files import make_index

    data, folder, base = sys.argv[1:4]
    make_index(EmbeddedEngine(Path(data)), Path(folder), base)


if __name__ == "__main__":
    main()
