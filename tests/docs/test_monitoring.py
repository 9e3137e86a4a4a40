"""The dashboard and the alerts ask for what the server tells, and alerts come when they should."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from requirements import require

from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.settings import Settings
from server.app import create_app

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
RULES = DEPLOY / "prometheus-rules.yml"
DASHBOARD = DEPLOY / "grafana-dashboard.json"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
LABELS = {"instance", "job", "le"}  # which Prometheus adds, and which buckets have


@pytest.fixture(scope="module")
def exposed(built: Path) -> Iterator[dict[str, set[str]]]:
    """Return the names that the server exposes, with their labels."""
    engine = IsolatedEngine(built, Limits(cache=1 << 20))
    client = create_app(Settings(data=built), engine).test_client()
    client.get("/page/pakistan", headers={"Accept": "text/html"})
    text = client.get("/metrics").get_data(as_text=True)
    yield {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    engine.close()


def expressions() -> list[str]:
    found: list[str] = re.findall(
        r"expr: (?:>-\n)?(.*?)\n        (?:for|labels):", RULES.read_text(), re.DOTALL
    )
    panels: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    found += [target["expr"] for panel in panels for target in panel["targets"]]
    return found


def test_all_that_is_asked_for_is_told(exposed: dict[str, set[str]]) -> None:
    asked = expressions()
    assert len(asked) > 30
    for expression in asked:
        named = re.findall(r"\b((?:policykg|process)_\w+)(?:\{([^}]*)\})?", expression)
        assert named or "up{" in expression, expression
        for name, selectors in named:
            assert name in exposed, expression
            selected = set(re.findall(r"(\w+)\s*(?:=|!=|=~|!~)\s*\"", selectors))
            assert selected <= exposed[name] | LABELS, expression


def test_all_that_is_told_is_documented(exposed: dict[str, set[str]]) -> None:
    own = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exposed if name[:8] == "policykg"}
    assert {name for name in own if f"`{name}`" not in OPERATIONS} == set()


def test_every_alert_is_explained() -> None:
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
    assert len(alerts) == 10
    assert [alert for alert in alerts if f"`{alert}`" not in OPERATIONS] == []


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", str(DEPLOY / "prometheus.yml")),
        ("check", "rules", str(RULES)),
        ("test", "rules", str(Path(__file__).with_name("prometheus-rules-test.yml"))),
    ],
)
def test_prometheus_takes_them(arguments: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    require("promtool", promtool is not None, "there is no promtool")
    said = subprocess.run([str(promtool), *arguments], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
