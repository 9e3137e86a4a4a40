"""A real Chromium, the one of the system, on a real server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright
from requirements import require
from served import servers

CHROMIUM = shutil.which("chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser."""
    require("browser", CHROMIUM is not None, "there is no Chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    """Return the address of a server on the built report."""
    with servers() as start:
        yield start("--no-build", "--data", built, "--port", "0").address


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Return a fresh profile without JavaScript, which the pages must not need."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    """Return a page that may ask its own server only, and must not complain on its console."""
    with watched(context, site) as page:
        yield page


@pytest.fixture
def scripted(browser: Browser, site: str) -> Iterator[Page]:
    """Return such a page in a fresh profile with JavaScript."""
    context = browser.new_context(base_url=site)
    with watched(context, site) as page:
        yield page
    context.close()


@contextmanager
def watched(context: BrowserContext, site: str) -> Iterator[Page]:
    """Give a page that asks no other server and does not complain, nor may one that it opens."""
    elsewhere: list[str] = []
    complaints: list[str] = []
    own = (site, f"blob:{site}")
    context.on(
        "request",
        lambda request: None if request.url.startswith(own) else elsewhere.append(request.url),
    )
    context.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context.new_page()
    assert elsewhere == []
    assert complaints == []
