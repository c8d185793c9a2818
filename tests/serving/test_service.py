"""A service on loopback: what it answers, what it refuses with a sentence, and how it stops."""

import socket
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import numpy as np
import pytest
from support.serving import asked, by_colour, coloured, form, picture, running, until

from vgg_transfer.run import Prediction
from vgg_transfer.serving.refusing import Limits
from vgg_transfer.serving.served import Example

RED, BLUE = picture((230, 10, 10)), picture((10, 10, 230))


def half_hot(_, shape):
    return np.full(shape, 0.5, np.float32)


@pytest.fixture(scope="module")
def server():
    example = Example("red.png", "image/png", RED)
    with running(coloured(heat=half_hot, examples=(example,)), limits=Limits(seconds=1.0)) as one:
        yield one


def bomb(side):
    """Return a PNG of some bytes that says it has side x side pixels."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99)))


def connected(server):
    there = urlsplit(server.link)
    return socket.create_connection((there.hostname, there.port), timeout=20)


def test_the_bytes_of_a_picture_are_answered(server):
    status, found, headers = asked(server, body=RED)
    assert status == 200
    assert found["model"] == "colours"
    (one,) = found["pictures"]
    assert (one["class"], one["sure"], one["possible"], one["familiar"]) == (
        "red",
        True,
        ["red"],
        True,
    )
    assert [each["class"] for each in one["top"]] == ["red", "blue"]
    assert one["top"][0]["probability"] == pytest.approx(230 / 255, abs=1e-4)
    assert (one["heat"], one["error"]) == (None, None)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_a_form_has_several_and_bad_ones_among_them_have_their_reason(server):
    body, headers = form(("a.png", RED), ("b.png", BLUE), ("notes.jpg", b"dear diary"))
    status, found, _ = asked(server, "/predict?top=1", body, headers=headers)
    first, second, third = found["pictures"]
    assert status == 200
    assert [(one["name"], one["class"]) for one in (first, second)] == [
        ("a.png", "red"),
        ("b.png", "blue"),
    ]
    assert len(first["top"]) == 1
    assert third["class"] is None
    assert third["error"].startswith('"notes.jpg" cannot be read as a picture: not an image.')


def test_names_of_any_length_and_bytes_are_answered():
    body, headers = form(("x" * 2_000 + ".png", RED))
    names = ("b\udcff", "<b>red</b>\n")
    found = names[0], {names[0]: 0.9, names[1]: 0.1}
    with running(coloured(class_names=names, said=lambda name, _: Prediction(name, *found))) as one:
        status, found, _ = asked(one, body=body, headers=headers)
        assert asked(one, "/about")[1]["classes"] == ["b\\udcff", "<b>red</b>\n"]
    (answer,) = found["pictures"]
    assert (status, len(answer["name"])) == (200, 200)
    assert [each["class"] for each in answer["top"]] == ["b\\udcff", "<b>red</b>\n"]


def test_heat_lies_over_the_picture(server):
    _, found, _ = asked(server, "/predict?heat=1", RED)
    assert found["pictures"][0]["heat"].startswith("data:image/png;base64,")
    with running(coloured(no_heat="it is an export")) as plain:
        _, found, _ = asked(plain, "/predict?heat=1", RED)
    assert (found["pictures"][0]["heat"], found["pictures"][0]["no_heat"]) == (
        None,
        "it is an export",
    )


def test_it_says_what_it_is_and_gives_its_examples(server):
    assert asked(server, "/healthz")[1] == {"status": "ok", "waiting": 0}
    about = asked(server, "/about")[1]
    assert (about["model"], about["classes"], about["examples"]) == (
        "colours",
        ["blue", "red"],
        ["red.png"],
    )
    status, data, headers = asked(server, "/examples/0")
    assert (status, data, headers["Content-Type"]) == (200, RED, "image/png")
    assert asked(server, "/examples/1")[0] == 404
    paths = asked(server, "/openapi.json")[1]["paths"]
    assert {"/predict", "/healthz", "/about"} <= set(paths)
    for address in ("/", "/docs", "/page.css", "/page.js"):
        assert asked(server, address)[0] == 200


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"dear diary", 415, "not an image. Send a JPEG, PNG, WebP"),
        (RED[:60], 422, "PNG"),
        (bomb(30_000), 413, "more pixels than any picture, and 64 million may be"),
        (bomb(9_000), 413, "has 9000x9000 pixels, and 64 million may be: make it smaller"),
        (b"8BPS" + bytes(40), 415, "a Photoshop picture, which is not supported"),
    ],
    ids=["text", "cut off", "bomb", "large", "Photoshop"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(server, body, status, told):
    found = asked(server, body=body)
    assert found[0] == status
    assert told in found[1]["error"]


def test_no_body_wrong_forms_and_settings_are_refused_with_a_sentence(server):
    status, found, _ = asked(server, method="POST")
    assert (status, "empty file" in found["error"]) == (415, True)
    body, headers = form(("a.png", RED), field="image")
    status, found, _ = asked(server, body=body, headers=headers)
    assert status == 422
    assert 'no file in a field called "file", received "image"' in found["error"]
    status, found, _ = asked(server, body=b"no form", headers=headers)
    assert (status, 'fields called "file"' in found["error"]) == (400, True)
    body, headers = form(*[("a.png", RED)] * 17)
    status, found, _ = asked(server, body=body, headers=headers)
    assert (status, "a request may bring 16 pictures: send" in found["error"]) == (413, True)
    status, found, _ = asked(server, "/predict?top=many", RED)
    assert (status, "top=many" in found["error"]) == (422, True)
    status, found, _ = asked(server, "/elsewhere")
    assert (status, "see /docs" in found["error"]) == (404, True)


@pytest.mark.parametrize("says_length", [True, False])
def test_a_body_without_end_is_heard_out_held_nowhere_and_refused(server, says_length):
    """100 MB: the sender, who reads no answer before all is sent, gets it; 20 MB are never held."""
    blocks = (bytes(1_000_000) for _ in range(100))
    headers = {"Content-Length": "100000000"} if says_length else {"Transfer-Encoding": "chunked"}
    status, found, _ = asked(server, body=blocks, headers=headers)
    assert (status, type(found)) == (413, dict)
    assert "a request may have 20 MB, and this one has more" in found["error"]


def test_a_slow_sender_is_given_up(server):
    with connected(server) as slow:
        slow.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nab")
        answer = b"".join(iter(lambda: slow.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive within 1 seconds" in answer


def test_who_sends_no_request_at_all_is_given_up(server):
    with connected(server) as silent:
        silent.sendall(b"POST /pred")
        assert silent.recv(4096) == b""


def test_a_cut_connection_leaves_nothing_behind(server):
    for _ in range(5):
        with connected(server) as cut:
            cut.sendall(
                b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nab"
            )
    time.sleep(0.1)
    assert asked(server, "/healthz")[1]["waiting"] == 0


def test_what_waits_is_asked_together_and_what_comes_alone_at_once():
    sizes, busy, go_on = [], threading.Event(), threading.Event()

    def rows(squares):
        sizes.append(len(squares))
        if len(sizes) == 1:
            busy.set()
            go_on.wait(10)
        return by_colour(squares)

    with running(coloured(rows=rows)) as one, ThreadPoolExecutor(8) as clients:
        first = clients.submit(asked, one, body=RED)
        busy.wait(10)
        others = [clients.submit(asked, one, body=each) for each in (RED, BLUE, RED, BLUE)]
        until(lambda: asked(one, "/healthz")[1]["waiting"] == 5)
        time.sleep(0.2)  # four small pictures are decoded
        go_on.set()
        found = [each.result()[1]["pictures"][0]["class"] for each in (first, *others)]
    assert found == ["red", "red", "blue", "red", "blue"]
    assert sizes == [1, 4]


def test_beyond_the_bound_of_the_queue_senders_are_asked_to_come_back():
    go_on = threading.Event()

    def rows(squares):
        go_on.wait(10)
        return by_colour(squares)

    with (
        running(coloured(rows=rows), limits=Limits(waiting=2)) as one,
        ThreadPoolExecutor(2) as some,
    ):
        waiting = [some.submit(asked, one, body=RED) for _ in range(2)]
        until(lambda: asked(one, "/healthz")[1]["waiting"] == 2)
        status, found, headers = asked(one, body=RED)
        assert (status, headers["Retry-After"]) == (503, "1")
        assert "2 pictures wait for an answer, and 2 may" in found["error"]
        go_on.set()
        assert [each.result()[0] for each in waiting] == [200, 200]
        body, headers = form(*[("a.png", RED)] * 3)
        assert asked(one, body=body, headers=headers)[0] == 503
        assert asked(one, "/healthz")[1]["waiting"] == 0


def test_a_model_that_fails_says_so_and_goes_on():
    def rows(squares):
        if squares.mean() > 200:
            raise ValueError("no numbers")
        return by_colour(squares)

    with running(coloured(rows=rows)) as one:
        status, found, _ = asked(one, body=picture((255, 255, 255)))
        assert (status, found) == (500, {"error": "the model cannot answer: no numbers"})
        assert asked(one, body=RED)[0] == 200


def test_who_waits_is_answered_when_it_stops_and_nobody_is_let_in():
    busy, go_on = threading.Event(), threading.Event()

    def rows(squares):
        busy.set()
        go_on.wait(10)
        return by_colour(squares)

    with ThreadPoolExecutor(2) as clients:
        with running(coloured(rows=rows)) as one:
            waiting = clients.submit(asked, one, body=RED)
            busy.wait(10)
            one.stop()
            time.sleep(0.3)
            with pytest.raises(OSError, match="refused"):
                asked(one, "/healthz")
            go_on.set()
        assert waiting.result()[1]["pictures"][0]["class"] == "red"
