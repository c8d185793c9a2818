"""A service under load: friendly and hostile requests at once, its memory and its latency.

    python benchmarks/serve.py RUN|ARTEFACT PICTURES

Serves a run, or an exported model, in a process of its own, on loopback. One picture at a time
goes through the service and, in turns, through the bare forward pass of the same classifier in this
process. Then 16 clients send 200 requests, a third of them hostile: a text named .jpg, a
decompression bomb, a body of 100 MB, a slow sender, a connection that is cut. Each good one has to
be answered as the classifier does, each bad one with a status of 4xx and a sentence. In the end it
is stopped while it is asked. Prints one JSON object.
"""

import http.client
import json
import random
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measuring
import numpy as np

from vgg_transfer import run as record
from vgg_transfer.artefacts import Classifier, is_artefact, open_artefact
from vgg_transfer.deploy.classifier import classifier_of
from vgg_transfer.images.decode import decode
from vgg_transfer.images.squares import square

_SECONDS = 5  # that a request may take to arrive
_CLOSE = 0.01  # of a probability: passes in bf16 differ so much by the batch they are in
_HOSTILE = ("text", "bomb", "100 MB", "slow", "cut")
_FRIENDLY = ("bytes", "form", "form of 3", "heat")


@dataclass(frozen=True)
class Service:
    """A service in a process of its own."""

    process: subprocess.Popen[str]
    host: str
    port: int

    def memory(self) -> float:
        """Return the most memory that it had, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1e3 if found else float("nan")


@contextmanager
def serving(run: Path) -> Iterator[Service]:
    """Start a service, and see to it that it ends."""
    command = [sys.executable, "-m", "vgg_transfer", "serve", str(run), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--seconds", str(_SECONDS)], stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout or ():
            if found := re.search(r"http://([\d.]+):(\d+)/\s*$", line):
                break
        else:
            raise SystemExit("the service did not begin")
        yield Service(process, found[1], int(found[2]))
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Measure both, and print what was found as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--single", type=int, default=60, help="pictures sent one at a time")
    arguments = parser.parse_args()
    files = sorted(arguments.pictures.rglob("*.jpg"))
    chosen = [files[place * len(files) // 40].read_bytes() for place in range(40)]
    classifier = _opened(arguments.run)
    with serving(arguments.run) as service:
        single = one_at_a_time(service, classifier, chosen, arguments.single)
        measuring.tell("one at a time", single)
        at_rest = service.memory()
        mixed = under_load(service, classifier, chosen, arguments.requests, arguments.clients)
        peak = service.memory()
        stopped = stop(service, chosen)
    memory = {"before MB": round(at_rest), "peak MB": round(peak)}
    found = {"one at a time": single, "mixed": mixed, "memory": memory, "stop": stopped}
    measuring.answer(found)


def _opened(place: Path) -> Classifier:
    return open_artefact(place) if is_artefact(place) else classifier_of(record.read(place))


def one_at_a_time(
    service: Service, classifier: Classifier, pictures: list[bytes], rounds: int
) -> dict[str, float]:
    """Return milliseconds of a picture through the service, and of the bare pass, in turns."""
    served, bare = [], []
    squares = [seen_by(classifier, one) for one in pictures]
    connection = http.client.HTTPConnection(service.host, service.port)
    for turn in range(-5, rounds):  # the first ones warm up
        place = turn % len(pictures)
        began = time.perf_counter()
        connection.request("POST", "/predict", pictures[place])
        connection.getresponse().read()
        between = time.perf_counter()
        classifier.probabilities(squares[place])
        if turn >= 0:
            served.append(1e3 * (between - began))
            bare.append(1e3 * (time.perf_counter() - between))
    ratios = [one / other for one, other in zip(served, bare, strict=True)]
    return {
        "served ms": round(statistics.median(served), 1),
        "bare pass ms": round(statistics.median(bare), 1),
        "served to bare": round(statistics.median(served) / statistics.median(bare), 3),
        "median of the ratios": round(statistics.median(ratios), 3),
    }


def seen_by(classifier: Classifier, data: bytes) -> Any:
    """Return a picture as the network sees it, as a batch of one."""
    pixels = decode(data, classifier.size)
    return square(pixels, classifier.size, classifier.resize)[np.newaxis]


def under_load(
    service: Service, classifier: Classifier, pictures: list[bytes], number: int, clients: int
) -> dict[str, Any]:
    """Send requests of all kinds; return how many there were, and what went wrong."""
    right = [classifier.probabilities(seen_by(classifier, one))[0] for one in pictures]
    kinds = [
        _HOSTILE[turn // 3 % len(_HOSTILE)] if turn % 3 == 2 else _FRIENDLY[turn % len(_FRIENDLY)]
        for turn in range(number)
    ]
    random.Random(0).shuffle(kinds)

    def send(place: int) -> str:
        if kinds[place] in _HOSTILE:
            return hostile(service, kinds[place])
        return friendly(service, kinds[place], pictures, right, place, classifier.class_names)

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        faults = list(threads.map(send, range(number)))
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "requests": dict(sorted(Counter(kinds).items())),
        "as they should be": sum(not fault for fault in faults),
        "faults": [f"{kinds[place]}: {fault}" for place, fault in enumerate(faults) if fault],
    }


def friendly(
    service: Service,
    kind: str,
    pictures: list[bytes],
    right: list[Any],
    place: int,
    names: tuple[str, ...],
) -> str:
    """Send pictures as a person does; return what is wrong with the answer, or nothing."""
    count = 3 if kind == "form of 3" else 1
    places = [(place + step) % len(pictures) for step in range(count)]
    sent: tuple[bytes, dict[str, str]] = (pictures[places[0]], {})
    if kind.startswith("form"):
        sent = form([pictures[one] for one in places])
    status, found = asked(service, f"/predict?heat={int(kind == 'heat')}", *sent)
    if status != 200:
        return f"{status} {found}"
    for one, answer in zip(places, found["pictures"], strict=True):
        shares = {each["class"]: each["probability"] for each in answer["top"]}
        away = max(abs(shares[name] - right[one][at]) for at, name in enumerate(names))
        if away > _CLOSE or answer["class"] != names[int(right[one].argmax())]:
            return f"another answer, {away:.4f} away"
    return ""


def hostile(service: Service, kind: str) -> str:
    """Send what is no picture; return what is wrong with the refusal, or nothing."""
    if kind in ("slow", "cut"):
        return _in_drops(service, is_cut=kind == "cut")
    sent: dict[str, Callable[[], tuple[Any, dict[str, str]]]] = {
        "text": lambda: form([b"dear diary, today it rained"]),
        "bomb": lambda: (bomb(), {}),
        "100 MB": lambda: (
            (bytes(1_000_000) for _ in range(100)),
            {"Content-Length": "100000000"},
        ),
    }
    return _refusal(*asked(service, "/predict", *sent[kind]()))


def _refusal(status: int, found: Any) -> str:
    is_told = isinstance(found, dict) and len(found.get("error", "").split()) > 5
    return "" if 400 <= status < 500 and is_told else f"{status} {found!s:.200}"


def _in_drops(service: Service, is_cut: bool) -> str:
    with socket.create_connection((service.host, service.port), timeout=60) as drops:
        drops.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n")
        if is_cut:
            return ""  # nobody is there to hear an answer
        for _ in range(3):
            drops.sendall(b"x")
            time.sleep(0.2)
        answer = http.client.HTTPResponse(drops)
        answer.begin()
        return _refusal(answer.status, json.loads(answer.read()))


def bomb() -> bytes:
    """Return a PNG of a few hundred bytes that unpacks to 2.7 GB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(99_999)))


def form(files: list[bytes]) -> tuple[bytes, dict[str, str]]:
    """Return files as a form, and its headers."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="one.jpg"\r\n\r\n'
    body = b"".join(head + one + b"\r\n" for one in files) + b"--x--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=x"}


def asked(service: Service, address: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
    """Return status and JSON of an answer; status 0 where there was none."""
    connection = http.client.HTTPConnection(service.host, service.port, timeout=60)
    try:
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return 0, f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def stop(service: Service, pictures: list[bytes]) -> dict[str, Any]:
    """Stop it while it is asked; return how many were answered, and its exit status."""
    sent = threading.Barrier(9)

    def send(place: int) -> int:
        sent.wait()
        return asked(service, "/predict", pictures[place], {})[0]

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(send, place) for place in range(8)]
        sent.wait()
        time.sleep(0.1)
        service.process.send_signal(signal.SIGTERM)
        answered = sum(each.result() == 200 for each in waiting)
    return {"asked": 8, "answered": answered, "exit status": service.process.wait(60)}


if __name__ == "__main__":
    main()
