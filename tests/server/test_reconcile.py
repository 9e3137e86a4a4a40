"""The reconciliation service as its specification has it, and how it refuses bad requests."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from kg.namespaces import ID
from kg.settings import Settings

FORM = "application/x-www-form-urlencoded"


def ask(client: FlaskClient, queries: Any) -> Any:
    """Return the answer to a batch by POST."""
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_manifest(client: FlaskClient) -> None:
    answer = client.get("/reconcile")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept"
    manifest = answer.json
    assert manifest is not None
    assert {"versions", "name", "identifierSpace", "schemaSpace"} <= set(manifest)
    assert "0.2" in manifest["versions"]
    assert manifest["view"]["url"] == "https://kg.example.org/reconcile/view?id={{id}}"
    assert manifest["preview"].keys() == {"url", "width", "height"}
    assert {"id": "pol:Country", "name": "country"} in manifest["defaultTypes"]
    for kind in ("entity", "property", "type"):
        service = manifest["suggest"][kind]
        assert service["service_url"] == "https://kg.example.org/reconcile"
        assert service["service_path"] == f"/suggest/{kind}"
        assert "${id}" in service["flyout_service_path"]
    assert manifest["extend"]["propose_properties"]["service_path"] == "/properties"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_batch(client: FlaskClient, method: str) -> None:
    batch = {"q0": {"query": "Pakstan", "limit": 2}, "q1": {"query": "Atlantis"}}
    fields = {"queries": json.dumps(batch)}
    answer = (
        client.get(f"/reconcile?{urlencode(fields)}")
        if method == "GET"
        else client.post("/reconcile", data=fields)
    )
    assert answer.json is not None
    assert answer.json.keys() == {"q0", "q1"}
    first, second = answer.json["q0"]["result"]
    assert first == {
        "id": f"{ID}pakistan",
        "name": "Pakistan",
        "description": "",
        "score": 93.5,
        "match": True,
        "type": [{"id": "pol:Country", "name": "country"}],
        "features": [
            {"id": "name", "value": 93.5},
            {"id": "exact", "value": False},
            {"id": "slips", "value": 0.5},
        ],
        "reason": "spelling: “Pakistan”",
    }
    assert second["match"] is False
    assert not any(one["match"] for one in answer.json["q1"]["result"])


def test_types_and_properties(client: FlaskClient) -> None:
    found = ask(
        client,
        {
            "right": {"query": "NAP", "type": "Policy"},
            "wrong": {"query": "NAP", "type": ["pol:Person"]},
            "none": {"query": "NAP", "type": "pol:Person", "type_strict": "any"},
            "code": {"query": "", "properties": [{"pid": "wikidata", "v": "Q843"}]},
            "reconciled": {
                "query": "Pakistan",
                "properties": [{"pid": "wikidata", "v": [{"id": "Q668"}], "weight": 0.5}],
            },
        },
    )
    certain = {key: [one["id"] for one in v["result"] if one["match"]] for key, v in found.items()}
    assert certain == {
        "right": [f"{ID}national-action-plan"],
        "wrong": [],
        "none": [],
        "code": [f"{ID}pakistan"],
        "reconciled": [],
    }


def test_empty_batch(client: FlaskClient) -> None:
    assert ask(client, {}) == {}


@pytest.mark.parametrize(
    ("fields", "status", "where"),
    [
        ({"lang": "en"}, 400, "queries"),
        ({"queries": "{"}, 400, "queries"),
        ({"queries": "[]"}, 400, "queries"),
        ({"queries": "[" * 100_000}, 400, "queries"),
        ({"queries": "{}", "extend": "{}"}, 400, "queries"),
        ({"queries": '{"a":1}'}, 400, "queries.a"),
        ({"queries": '{"a":{}}'}, 400, "queries.a"),
        ({"queries": '{"a":{"query":1}}'}, 400, "queries.a.query"),
        ({"queries": '{"a":{"query":"x","limit":"3"}}'}, 400, "queries.a.limit"),
        ({"queries": '{"a":{"query":"x","limit":0}}'}, 400, "queries.a.limit"),
        ({"queries": '{"a":{"query":"x","limit":1e999}}'}, 400, "queries.a.limit"),
        ({"queries": '{"a":{"query":"x","type":5}}'}, 400, "queries.a.type"),
        ({"queries": '{"a":{"query":"x","type_strict":"x"}}'}, 400, "queries.a.type_strict"),
        ({"queries": '{"a":{"query":"x","tpye":"y"}}'}, 400, "queries.a.tpye"),
        ({"queries": '{"a":{"query":"x","properties":[{}]}}'}, 400, "queries.a.properties[0]"),
        ({"queries": json.dumps({"a": {"query": "x" * 401}})}, 400, "queries.a.query"),
        ({"extend": "{}"}, 400, "extend.ids"),
        ({"extend": '{"ids":[1],"properties":[]}'}, 400, "extend.ids"),
        ({"extend": '{"ids":[],"properties":[{}]}'}, 400, "extend.properties[0].id"),
        ({"queries": "{}", "callback": "f"}, 400, "callback"),
    ],
)
def test_malformed(client: FlaskClient, fields: dict[str, str], status: int, where: str) -> None:
    answer = client.post("/reconcile", data=fields)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json["where"] == where
    assert answer.json["remedy"]


def test_batch_that_is_too_large(client: FlaskClient) -> None:
    most = Settings().reconcile_batch
    batch = {f"q{n}": {"query": "x"} for n in range(most + 1)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["remedy"] == f"Send at most {most} at once."
    extend = {"ids": ["x"] * (most + 1), "properties": []}
    assert client.post("/reconcile", data={"extend": json.dumps(extend)}).status_code == 413
    assert client.post("/reconcile", data={"queries": "x" * 1_100_000}).status_code == 413


def test_other_bodies(client: FlaskClient) -> None:
    answer = client.post("/reconcile", data="{}", content_type="application/json")
    assert answer.status_code == 415
    assert client.post("/reconcile", data=b"queries=%ff", content_type=FORM).status_code == 400
    assert client.delete("/reconcile").status_code == 405


def test_scripts_of_other_sites_may_ask(client: FlaskClient) -> None:
    answer = client.options("/reconcile")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_extension(client: FlaskClient) -> None:
    extend = {
        "ids": [f"{ID}pakistan", "id:national-action-plan", f"{ID}nothing"],
        "properties": [
            {"id": "wikidata"},
            {"id": "eurovoc"},
            {"id": "pol:policyOf"},
            {"id": "other-names", "settings": {"limit": 1}},
        ],
    }
    answer = client.post("/reconcile", data={"extend": json.dumps(extend)}).json
    assert answer is not None
    assert [one["name"] for one in answer["meta"]] == [
        "Wikidata",
        "EuroVoc",
        "policy of",
        "Other names",
    ]
    rows = answer["rows"]
    assert rows[f"{ID}pakistan"]["wikidata"] == [{"str": "Q843"}]
    assert rows[f"{ID}pakistan"]["eurovoc"] == [{"str": "2222"}]
    assert len(rows[f"{ID}pakistan"]["other-names"]) == 1
    assert rows["id:national-action-plan"]["pol:policyOf"] == [
        {"id": f"{ID}pakistan", "name": "Pakistan"}
    ]
    assert rows[f"{ID}nothing"] == {p["id"]: [] for p in extend["properties"]}


def test_proposed_properties(client: FlaskClient) -> None:
    answer = client.get("/reconcile/properties?type=pol:Country&limit=100").json
    assert answer is not None
    assert (answer["type"], answer["limit"]) == ("pol:Country", 100)
    proposed = {one["id"] for one in answer["properties"]}
    assert {"wikidata", "iso-3166-1-alpha-3", "eurovoc", "iri", "pol:memberOf"} <= proposed
    assert client.get("/reconcile/properties?limit=x").status_code == 400


def test_suggestions(client: FlaskClient) -> None:
    def names(path: str) -> list[str]:
        answer = client.get(f"/reconcile/suggest/{path}")
        assert answer.json is not None
        return [one["name"] for one in answer.json["result"]]

    assert names("entity?prefix=shangh")[0] == "Shanghai Cooperation Organization"
    assert names("type?prefix=polic")[0] == "policy"
    assert "Wikidata" in names("property?prefix=wiki")
    all_names = names("entity?prefix=pakistan")
    assert names("entity?prefix=pakistan&cursor=5")[: len(all_names) - 5] == all_names[5:]
    for path in (
        "entity",
        "entity?prefix=%20",
        "entity?prefix=a&cursor=-1",
        "type?prefix=a&cursor=x",
    ):
        assert client.get(f"/reconcile/suggest/{path}").status_code == 400
    assert client.get("/reconcile/suggest/thing?prefix=a").status_code == 404


def test_flyout(client: FlaskClient) -> None:
    answer = client.get(f"/reconcile/flyout/entity?id={ID}pakistan").json
    assert answer is not None
    assert answer["id"] == f"{ID}pakistan"
    assert "<strong>Pakistan</strong>" in answer["html"]
    hostile = client.get("/reconcile/flyout/type?id=<script>").json
    assert hostile is not None
    assert "<script>" not in hostile["html"]
    assert client.get("/reconcile/flyout/entity?id=x").status_code == 404


def test_preview_may_stand_in_a_frame(client: FlaskClient) -> None:
    answer = client.get(f"/reconcile/preview?id={ID}pakistan")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "Wikidata: Q843" in answer.text
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]
    assert client.get("/reconcile/preview?id=x").status_code == 404


def test_view_leads_to_things_only(client: FlaskClient) -> None:
    answer = client.get(f"/reconcile/view?id={ID}pakistan")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/page/pakistan")
    for id_ in ("https://evil.example/", "//evil.example", ""):
        assert client.get("/reconcile/view", query_string={"id": id_}).status_code == 404


@pytest.fixture
def send(client: FlaskClient) -> Callable[..., Any]:
    """Return a function that sends the form of the page."""

    def send_form(**fields: Any) -> Any:
        return client.post("/reconcile/table", data=fields, content_type="multipart/form-data")

    return send_form


def test_page(client: FlaskClient) -> None:
    answer = client.get("/reconcile", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert '<form id="reconcile" action="/reconcile/table" method="post"' in answer.text


def test_page_without_scripts(send: Callable[..., Any]) -> None:
    answer = send(table="Pakstan\nAtlantis\n<b>x</b>\n", type="pol:Country")
    assert answer.status_code == 200
    assert 'certain:</strong> \n<a href="/page/pakistan">Pakistan</a>' in answer.text or (
        '<a href="/page/pakistan">Pakistan</a>' in answer.text
    )
    assert "<b>x</b>" not in answer.text
    assert "Q843" in answer.text


def test_table_comes_back_as_csv(send: Callable[..., Any]) -> None:
    answer = send(
        table="id;Name\n1;Iran\n=2;Foo\n", column="Name", format="csv", property="wikidata"
    )
    assert answer.mimetype == "text/csv"
    header, first, second = answer.data.decode("utf-8-sig").splitlines()
    assert header.startswith("id,Name,policykg_iri")
    assert first.startswith(f"1,Iran,{ID}iran,Iran,100,")
    assert first.endswith(",Q794")
    assert second.startswith("'=2,Foo,,,")
    assert answer.headers["Cache-Control"] == "no-store"


def test_table_comes_back_as_sssom(send: Callable[..., Any]) -> None:
    answer = send(table="Iran\nAtlantis\n", format="sssom")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert lines[0].split("\t")[:4] == ["subject_id", "subject_label", "predicate_id", "object_id"]
    assert [line.split("\t")[:4] for line in lines[1:]] == [
        ["name:Iran", "Iran", "skos:closeMatch", f"{ID}iran"]
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"table": "x", "format": "exe"}, 400),
        ({"table": "a,b\n1,2\n", "column": "c"}, 400),
        ({"table": "a,b\n1,2,3\n"}, 400),
        ({"table": "Iran\n" * 201}, 413),
    ],
)
def test_bad_tables(send: Callable[..., Any], fields: dict[str, str], status: int) -> None:
    assert send(**fields).status_code == status
