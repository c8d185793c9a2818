"""A service in a thread of this process, and requests to it: proper ones, and hostile ones."""

import http.client
import json
import threading
import time
from contextlib import contextmanager
from io import BytesIO
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from vgg_transfer.run import Prediction
from vgg_transfer.serving.refusing import Limits
from vgg_transfer.serving.served import Served
from vgg_transfer.serving.server import Server

NAMES = ("blue", "red")
TOKEN = "a-token-of-many-letters"


def picture(colour=(200, 10, 10), size=(40, 30), kind="PNG", **settings):
    """Return the bytes of a picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **settings)
    return file.getvalue()


def by_colour(squares):
    """Answer as a model would: the redder, the more likely red."""
    red = squares[..., 0].mean(axis=(1, 2)) / 255
    return np.stack([1 - red, red], axis=1).astype(np.float32)


def said(name, row):
    """Say how sure it is too: from 0.75 on."""
    order = np.argsort(-row, kind="stable").tolist()
    shares = {NAMES[one]: float(row[one]) for one in order}
    return Prediction(
        name,
        NAMES[order[0]],
        shares,
        possible=tuple(each for each in shares if shares[each] >= 0.4),
        sure=bool(row.max() >= 0.75),
        familiar=bool(0.6 <= row.max() < 0.95),
    )


def coloured(**changes):
    """Return something to serve that tells red from blue."""
    settings = {"name": "colours", "class_names": NAMES, "size": 8, "resize": "squash"}
    return Served(**settings | {"rows": by_colour, "said": said} | changes)


@contextmanager
def running(served=None, token="", limits=None):
    """Yield a service that listens; it is stopped at the end, and has to come to its end."""
    server = Server(served or coloured(), "127.0.0.1", 0, token, limits or Limits())
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(30)
    assert not thread.is_alive()


def asked(server, address="/predict", body=None, method=None, headers=(), timeout=20):
    """Return status, JSON (or bytes) and headers of an answer."""
    there = urlsplit(server.link)
    connection = http.client.HTTPConnection(there.hostname, there.port, timeout=timeout)
    try:
        headers, method = dict(headers), method or ("POST" if body else "GET")
        chunked = "Transfer-Encoding" in headers
        connection.request(method, address, body, headers, encode_chunked=chunked)
        answer = connection.getresponse()
        data = answer.read()
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(data) if is_json else data, answer.headers
    finally:
        connection.close()


def form(*files, field="file"):
    """Return the body of a form with these (name, bytes), and its headers."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join([*parts, b"--x--\r\n"]), {"Content-Type": "multipart/form-data; boundary=x"}


def until(true):
    """Wait until something is true; fail where it is not within four seconds."""
    for _ in range(200):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to be")
