"""The W3C suites over HTTP: nothing fails but what the engine does differently."""

import json
import subprocess
import sys
from pathlib import Path

from requirements import require
from served import servers

JUDGE = Path(__file__).parents[3] / "shared" / "conformance"
TOKEN = "scratch"
# Of all suites but entailment, which no SPARQL service has.
LEAST_PASSED = 1400


def test_only_engine_differences_fail(tmp_path: Path) -> None:
    require("judge", (JUDGE / "run.py").is_file(), f"the judge is not at {JUDGE}")
    config = tmp_path / "policykg.toml"
    config.write_text('services = ["http://127.0.0.1:*"]\n', encoding="utf-8")
    options = ["--empty", "--default-graph", "separate", "--write-token", TOKEN]
    options += ["--config", str(config)]
    # Nobody reads the log of thousands of requests.
    with servers() as start:
        served = start("--data", tmp_path / "data", "--port", "0", *options)
        command = [sys.executable, "run.py", "--federation"]
        command += ["--known", "known-engine-differences.md"]
        for name, path in (("query", "sparql"), ("update", "update"), ("gsp", "store")):
            command += [f"--{name}", f"{served.address}/{path}"]
        command += ["--auth-header", f"Authorization: Bearer {TOKEN}"]
        command += ["--json", str(tmp_path / "report.json")]
        done = subprocess.run(command, cwd=JUDGE, capture_output=True, text=True, check=False)
    failing = done.stdout.partition("\nfailing:\n")[2].partition("\n  known difference:")[0]
    assert done.returncode == 0, failing or done.stderr
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert sum(suite.get("pass", 0) for suite in report["suites"].values()) >= LEAST_PASSED
