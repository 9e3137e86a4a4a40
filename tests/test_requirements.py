"""A test that needs what is not there skips with its reason, or fails where it must run."""

import pytest
from requirements import VARIABLE
from requirements import require


def test_what_is_there_lets_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "java")
    require("java", True, "there is none")


def test_what_is_missing_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "javascript, wheel")
    with pytest.raises(pytest.skip.Exception, match="^java: there is none$"):
        require("java", False, "there is none")


def test_what_is_missing_and_required_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "wheel, java")
    with pytest.raises(pytest.fail.Exception, match="REQUIRE lists java, but there is none$"):
        require("java", False, "there is none")
