"""Settings come from defaults, a TOML file, the environment and options, the later before."""

from dataclasses import fields
from pathlib import Path

import pytest

from kg.errors import SettingsError
from kg.namespaces import BASE
from kg.settings import Settings
from kg.settings import load_settings


def toml(folder: Path, text: str) -> Path:
    path = folder / "policykg.toml"
    path.write_text(text, encoding="utf-8")
    return path


def fault(
    environ: dict[str, str], config: Path | None = None, **overrides: object
) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, config, **overrides)
    return caught.value


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.base_iri) == ("127.0.0.1", 8000, BASE)
    assert settings.data.name == "policykg"
    assert settings.reports == ()


def test_the_environment_goes_before_the_file_and_options_before_both(tmp_path: Path) -> None:
    config = toml(tmp_path, "port = 1\nworkers = 2\npage_rows = 3\n")
    environ = {"POLICYKG_CONFIG": str(config), "POLICYKG_WORKERS": "5", "POLICYKG_PAGE_ROWS": "6"}
    settings = load_settings(environ, page_rows=7, port=None)
    assert (settings.port, settings.workers, settings.page_rows) == (1, 5, 7)


def test_a_named_file_goes_before_that_of_the_environment(tmp_path: Path) -> None:
    config = toml(tmp_path, "port = 1\n")
    assert load_settings({"POLICYKG_CONFIG": str(tmp_path / "none.toml")}, config).port == 1


def test_values_have_their_types(tmp_path: Path) -> None:
    reports = [f'"{tmp_path}/a"', f'"{tmp_path}/b"']
    config = toml(tmp_path, f"query_seconds = 3\nreports = [{', '.join(reports)}]\n")
    settings = load_settings({}, config)
    assert settings.query_seconds == 3.0
    assert isinstance(settings.query_seconds, float)
    assert settings.reports == (tmp_path / "a", tmp_path / "b")
    settings = load_settings({"POLICYKG_REPORTS": "~/x, ~/y,", "POLICYKG_DATA": "~/kg"})
    assert settings.reports[0] == Path.home() / "x"
    assert settings.reports[1] == Path.home() / "y"
    assert len(settings.reports) == 2
    assert settings.data == Path.home() / "kg"


def test_a_public_url_loses_its_last_slash() -> None:
    assert load_settings({"POLICYKG_PUBLIC_URL": "https://kg.example.org/"}).public_url == (
        "https://kg.example.org"
    )


def test_variables_of_others_are_left_alone() -> None:
    assert load_settings({"PATH": "/bin", "POLICYKG_TEST_REQUIRE": "java"}) == Settings()


def test_an_unknown_name_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    known = "Known: " + ", ".join(sorted(f.name for f in fields(Settings))) + "."
    error = fault({"POLICYKG_PROT": "1"})
    assert error.detail == "There is no setting POLICYKG_PROT"
    assert error.where == "environment"
    assert error.remedy == known
    config = toml(tmp_path, "prot = 1\n")
    error = fault({}, config)
    assert error.detail == "There is no setting prot"
    assert error.where == str(config)
    assert error.remedy == known


BAD = [
    ("port", "http", "The value 'http' is not a whole number"),
    ("port", "80.5", "The value '80.5' is not a whole number"),
    ("port", "65536", "The value '65536' is not between 0 and 65535"),
    ("port", "-1", "The value '-1' is not between 0 and 65535"),
    ("workers", "0", "The value '0' is not between 1 and 1000"),
    ("query_seconds", "soon", "The value 'soon' is not a number"),
    ("query_seconds", "nan", "The value 'nan' is not between 0.1 and 86400"),
    ("base_iri", "w3id.org/", "The value 'w3id.org/' is not an http or https IRI that ends with"),
    ("base_iri", "https://x.org", "The value 'https://x.org' is not an http or https IRI that"),
    (
        "data",
        "~nobody-of-that-name/x",
        "The value '~nobody-of-that-name/x' names the home of a user",
    ),
    ("reports", "~nobody-of-that-name/x", "The value '~nobody-of-that-name/x' names the home of"),
    ("default_graph", "none", "The value 'none' is none of union, separate"),
    ("public_url", "kg.example.org", "The value 'kg.example.org' is not an http or https address"),
]


@pytest.mark.parametrize(("name", "value", "message"), BAD)
def test_a_value_that_does_not_fit_is_refused(name: str, value: str, message: str) -> None:
    error = fault({f"POLICYKG_{name.upper()}": value})
    assert error.detail.startswith(message)
    assert error.where == f"POLICYKG_{name.upper()}"
    assert error.remedy == "Give another value."


def test_a_bad_value_in_a_file_or_an_option_names_its_place(tmp_path: Path) -> None:
    config = toml(tmp_path, "host = 5\n")
    error = fault({}, config)
    assert (error.detail, error.where) == ("The value 5 is not text", f"host in {config}")
    assert fault({}, port=70_000).where == "port"
    for text in ("port = 80.5\n", "port = true\n"):
        error = fault({}, toml(tmp_path, text))
        assert error.detail.endswith("is not a whole number")


@pytest.mark.parametrize("text", ["port =\n", None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    config = tmp_path / "none.toml" if text is None else toml(tmp_path, text)
    error = fault({"POLICYKG_CONFIG": str(config)})
    assert error.detail.startswith("The settings file cannot be read: ")
    assert error.where == str(config)
    assert error.remedy == "Correct the file, or unset POLICYKG_CONFIG."


@pytest.mark.parametrize("name", [f.name for f in fields(Settings)])
def test_each_setting_says_what_it_does(name: str) -> None:
    (described,) = [f for f in fields(Settings) if f.name == name]
    doc = described.metadata["doc"]
    assert doc[0].isupper()
    assert doc.endswith(".")


@pytest.mark.parametrize("name", [f.name for f in fields(Settings)])
def test_each_default_fits_its_own_limits(name: str) -> None:
    value = getattr(Settings(), name)
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    assert getattr(load_settings({f"POLICYKG_{name.upper()}": text}), name) == value
