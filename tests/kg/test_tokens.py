"""Tokens: shown once, kept as hashes, good until they expire or are revoked."""

import json
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.errors import NotFound
from kg.errors import StoreError
from kg.errors import StoreNotWritable
from kg.tokens import Token
from kg.tokens import TokenFile
from kg.tokens import hashed
from server.cli import main

E = "http://example.org/"


def test_only_the_hash_is_kept(tmp_path: Path) -> None:
    text, token = TokenFile(tmp_path).create("me", [], None)
    kept = (tmp_path / "tokens.json").read_text(encoding="utf-8")
    assert text not in kept
    assert json.loads(kept)["tokens"][0]["sha256"] == token.sha256 == hashed(text)
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert len(text) >= 40


def test_a_token_is_found_by_its_text_alone(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path, extra="scratch")
    text, token = tokens.create("me", [], None)
    assert tokens.find(text) == token
    assert tokens.find(text[:-1]) is None
    assert tokens.find("") is None
    assert tokens.find(token.sha256) is None
    extra = tokens.find("scratch")
    assert extra is not None
    assert extra.name == "given to serve"


def test_an_expired_token_is_none(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    past = Token("1", "me", "x", expires=(now - timedelta(seconds=1)).isoformat())
    assert not past.is_valid(now)
    text, token = TokenFile(tmp_path).create("me", [], 1)
    assert token.is_valid(now)
    assert not token.is_valid(now + timedelta(days=2))
    stored = json.loads((tmp_path / "tokens.json").read_text(encoding="utf-8"))
    stored["tokens"][0]["expires"] = (now - timedelta(days=1)).isoformat()
    (tmp_path / "tokens.json").write_text(json.dumps(stored), encoding="utf-8")
    assert TokenFile(tmp_path).find(text) is None


def test_graphs_bound_what_a_token_may_change() -> None:
    token = Token("1", "me", "x", graphs=(f"{E}mine/",))
    assert token.may_change(f"{E}mine/a")
    assert not token.may_change(f"{E}other")
    assert not token.may_change(None)
    assert Token("1", "me", "x").may_change(None)


def test_scopes_bound_what_a_token_is_good_for(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path)
    text, token = tokens.create("reader", [], None, ["query"])
    assert tokens.find(text) == token
    assert not token.may_change(f"{E}mine/a")
    assert not tokens.any()  # nobody may write
    # A file of old says nothing of scopes.
    stored = json.loads((tmp_path / "tokens.json").read_text(encoding="utf-8"))
    del stored["tokens"][0]["scopes"]
    (tmp_path / "tokens.json").write_text(json.dumps(stored), encoding="utf-8")
    assert tokens.any()
    assert tokens.read()[0].may_change(None)


def test_no_file_no_tokens(tmp_path: Path) -> None:
    assert TokenFile(tmp_path).read() == []
    assert not TokenFile(tmp_path).any()
    assert TokenFile(tmp_path, extra="scratch").any()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tokens": [{}]}'])
def test_a_damaged_file_is_explained_and_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokens.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="The file of tokens cannot be read") as error:
        TokenFile(tmp_path).find("x")
    assert error.value.where == str(tmp_path / "tokens.json")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        TokenFile(tmp_path / "file").create("me", [], None)
    with pytest.raises(StoreNotWritable):
        TokenFile(tmp_path / "file")._write([])


def test_commands(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["token", *arguments, "--data", str(tmp_path)])
        return done.exit_code, done.stdout, done.stderr

    code, _, told = run("create", "x", "--scope", "query", "--graphs", f"{E}mine/")
    assert (code, "needs --scope update" in told) == (2, True)
    code, text, told = run("create", "analyst", "--graphs", f"{E}mine/", "--days", "30")
    token = TokenFile(tmp_path).find(text.strip())
    assert (code, token is not None) == (0, True)
    assert token is not None
    assert token.id in told
    code, listed, _ = run("list")
    assert listed.startswith(f"{token.id}  analyst  query+update  {E}mine/  made ")
    assert text.strip() not in listed
    assert run("revoke", token.id) == (0, f"Token {token.id} is revoked.\n", "")
    assert run("list") == (0, "", "")
    code, _, told = run("revoke", token.id)
    assert (code, told) == (
        1,
        f"Error: There is no token {token.id} ({tmp_path / 'tokens.json'}). "
        "`policykg token list` shows the tokens.\n",
    )
    with pytest.raises(NotFound):
        TokenFile(tmp_path).revoke(token.id)


def test_the_log_says_what_made_each_version(built: Path) -> None:
    done = CliRunner().invoke(main, ["log", "--data", str(built)])
    assert done.exit_code == 0
    version, _, rest = done.stdout.strip().split(maxsplit=2)
    assert version == "1"
    assert rest.startswith("build: build, ")
