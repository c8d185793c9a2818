"""The page to try a model, in a browser: pictures come in, answers and kind words come out."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from support.browser import chromium, opened
from support.serving import TOKEN, asked, coloured, picture, running, until

from vgg_transfer.serving.refusing import Limits
from vgg_transfer.serving.served import Example

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
RED, PURPLE = picture((230, 10, 10)), picture((140, 10, 140))
REFUSED = "status of 415"


def top_hot(_, shape):
    heat = np.zeros(shape, np.float32)
    heat[: shape[0] // 2] = 1
    return heat


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def link():
    example = Example("red.png", "image/png", RED)
    served = coloured(heat=top_hot, examples=(example,))
    with running(served, limits=Limits(body=300_000)) as server:
        yield server.link


def given(page, data, name="picture.png"):
    page.set_input_files("#file", {"name": name, "mimeType": "image/png", "buffer": data})


def test_a_picture_is_answered_and_what_decided_lies_over_it(browser, link):
    with opened(browser, link, viewport=WIDE) as page:
        page.get_by_text("It knows 2 classes: blue, red.").wait_for()
        given(page, RED)
        page.wait_for_selector("#verdict:visible")
        assert page.locator("#big").inner_text() == "red"
        assert page.locator("#bars li").all_inner_texts() == ["red\n90.2%", "blue\n9.8%"]
        assert not page.locator("#unlike").is_visible()
        page.get_by_role("button", name="Show what decided it").click()
        page.wait_for_selector("#heat:visible")
        assert page.locator("#heat").bounding_box() == page.locator("#picture").bounding_box()
        assert page.locator("#heat").get_attribute("src").startswith("data:image/png;base64,")
        page.get_by_role("button", name="Show what decided it").click()
        assert not page.locator("#heat").is_visible()


def test_it_says_that_it_does_not_know(browser, link):
    with opened(browser, link) as page:
        given(page, PURPLE)
        page.wait_for_selector("#verdict:visible")
        assert page.locator("#big").inner_text() == "I don’t know"
        assert page.locator("#lead").inner_text() == "It may be red or blue."
        assert page.locator("#unlike").inner_text().startswith("Unlike anything it was trained on")
        given(page, picture((255, 255, 255)))  # sure of what it never saw
        page.get_by_text("Of what it knows, likeliest is red.").wait_for()
        assert page.locator("#big").inner_text() == "I don’t know"
        given(page, RED)
        page.locator("#big", has_text="red").wait_for()
        assert not page.locator("#unlike").is_visible()


def test_an_example_is_answered_by_keyboard(browser, link):
    with opened(browser, link) as page:
        page.get_by_role("button", name="Example 1").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#verdict:visible")
        assert page.locator("#big").inner_text() == "red"
        assert page.evaluate("document.getElementById('said').getAttribute('role')") == "status"


def test_pictures_are_pasted_and_dropped(browser, link):
    """As browsers do it: an event that brings files."""
    bring = """([bytes, kind, where]) => {
      const held = new DataTransfer();
      held.items.add(new File([new Uint8Array(bytes)], "brought.png", { type: "image/png" }));
      const brought = { bubbles: true, cancelable: true };
      document.querySelector(where).dispatchEvent(kind === "paste"
        ? new ClipboardEvent(kind, { ...brought, clipboardData: held })
        : new DragEvent(kind, { ...brought, dataTransfer: held }));
    }"""
    with opened(browser, link) as page:
        for kind, data, said in (("paste", RED, "red"), ("drop", PURPLE, "I don’t know")):
            page.evaluate(bring, [list(data), kind, "#drop" if kind == "drop" else "body"])
            page.locator("#big", has_text=said).wait_for()


def test_a_text_and_a_large_file_are_met_with_kind_words(browser, link):
    with opened(browser, link, (REFUSED,), viewport=NARROW) as page:
        given(page, b"dear diary", "notes.jpg")
        page.wait_for_selector("#wrong b")
        said = page.locator("#wrong").inner_text()
        assert said.startswith("This one cannot be answered")
        assert '"notes.jpg" cannot be read as a picture: not an image. Send a JPEG' in said
        noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
        file = BytesIO()
        Image.fromarray(noise).save(file, "PNG")
        given(page, file.getvalue(), "noise.png")
        page.get_by_text("This file is too large").wait_for()
        assert '"noise.png" has 0.5 MB, and 0.3 MB are taken' in page.locator("#wrong").inner_text()
        given(page, RED)
        page.wait_for_selector("#verdict:visible")
        assert page.locator("#wrong").inner_text() == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_service_that_is_gone_is_said_and_tried_again(browser):
    with running() as server, opened(browser, server.link, ("ERR_CONNECTION",)) as page:
        page.get_by_text("It knows 2 classes").wait_for()
        server.stop()
        until(lambda: is_gone(server))
        given(page, RED)
        page.get_by_role("button", name="Try again").wait_for()
        assert "The service does not answer" in page.locator("#wrong").inner_text()


def is_gone(server):
    try:
        return not asked(server, "/healthz")
    except OSError:
        return True


def test_the_page_asks_for_the_token(browser):
    with running(token=TOKEN) as server, opened(browser, server.link, ("status of 401",)) as page:
        page.get_by_label("This service asks for its token").fill("not this one at all")
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("This is not the token.").wait_for()
        page.get_by_label("This service asks for its token").fill(TOKEN)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_selector("#choose:visible")
        given(page, RED)
        page.wait_for_selector("#verdict:visible")


@pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)])
def test_the_checker_of_accessibility_finds_no_serious_fault(browser, link, scheme, viewport):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, link, viewport=viewport, color_scheme=scheme) as page:
        given(page, PURPLE)
        page.wait_for_selector("#verdict:visible")
        page.get_by_role("button", name="Show what decided it").click()
        page.wait_for_selector("#heat:visible")
        found = serious(axe, page)
        page.goto(f"{link}docs")
        found += serious(axe, page)
    assert found == []


def serious(axe, page):
    violations = axe.run(page).response["violations"]
    return [
        (one["id"], [node["html"] for node in one["nodes"]][:3])
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]
