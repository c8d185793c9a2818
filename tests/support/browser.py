"""A headless Chromium for tests of pages; what cannot be had skips them, with a reason."""

import shutil
from contextlib import contextmanager

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def chromium():
    """Yield a browser of Playwright's that drives the system's Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium on the PATH")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser, file, expected=(), **settings):
    """Yield a page that shows a file from disk, or an address; all it complains of fails the test.

    What it has to complain of is ``expected``: parts of the texts.
    """
    context = browser.new_context(accept_downloads=True, **settings)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    address = file if isinstance(file, str) else file.absolute().as_uri()
    inside = (file if isinstance(file, str) else "file:", "data:", "blob:")
    page.on(
        "request", lambda one: None if one.url.startswith(inside) else complaints.append(one.url)
    )
    page.goto(address)
    yield page
    context.close()
    left = [one for one in complaints if not any(part in one for part in expected)]
    assert left == []
