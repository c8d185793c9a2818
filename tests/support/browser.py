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
def opened(browser, file, **settings):
    """Yield a page that shows a file from disk; whatever it complains of fails the test."""
    context = browser.new_context(accept_downloads=True, **settings)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", lambda asked: complaints.append(asked.url) if _is_outside(asked) else None)
    page.goto(file.absolute().as_uri())
    yield page
    context.close()
    assert complaints == []


def _is_outside(request):
    return not request.url.startswith(("file:", "data:", "blob:"))
