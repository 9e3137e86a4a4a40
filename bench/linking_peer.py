"""What bench/linking.py runs in the Python that has csv-reconcile: its rate and its answers."""

import json
import sqlite3
import sys
import time
from pathlib import Path

from csv_reconcile import create_app
from csv_reconcile import initdb
from csv_reconcile.score import processQueryBatch

BATCH = 10


def main(table: str, names_file: str) -> None:
    """Print a line of JSON: names a second, and for each name the best and the match."""
    app = create_app("", instance_path=str(Path(table).parent / "instance"), scorerOption="")
    names = json.loads(Path(names_file).read_text(encoding="utf-8"))
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    with app.app_context():
        initdb.init_db(database, table, "id", "name", csvencoding="utf-8", scoreOptions={})
        answers = []
        start = time.process_time()
        for first in range(0, len(names), BATCH):
            batch = {str(n): {"query": one} for n, one in enumerate(names[first : first + BATCH])}
            found = processQueryBatch(database, batch, limit=10, threshold=30.0)
            answers += [found[key]["result"] for key in batch]
        rate = len(names) / (time.process_time() - start)
    print(json.dumps({"rate": rate, "answers": [_answer(one) for one in answers]}))


def _answer(result: list) -> dict:
    things = [one["id"].rpartition("#")[0] for one in result]
    matched = [thing for thing, one in zip(things, result, strict=True) if one["match"]]
    return {
        "best": things[0] if things else "",
        "score": result[0]["score"] if result else 0,
        "match": matched[0] if matched else "",
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
