"""Hostile files: what a person can open is used and upright, all else is listed with a reason."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from vgg_transfer.images import load_images
from vgg_transfer.images.decode import Undecodable, decode, inspect
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.words import printable

_MEGABYTE = 2**20


@pytest.fixture(scope="session")
def scanned(hostile) -> ImageSet:
    return load_images(hostile.root)


def state(root: Path) -> dict[Path, tuple]:
    """Return all that could have been changed of the files below a folder."""
    every = [Path(place) / name for place, _, names in os.walk(root) for name in names]
    return {
        path: (path.lstat().st_mtime_ns, path.lstat().st_mode, path.lstat().st_size)
        for path in sorted(every)
    }


def test_there_are_enough_of_them(hostile):
    assert len(hostile.cases) >= 200
    assert len(hostile.used) >= 100
    assert len(hostile.skipped) >= 80


def test_every_file_is_used_or_listed(hostile, scanned):
    used = {record.path for record in scanned.records}
    listed = {entry.path for entry in scanned.skipped}
    assert used - set(hostile.used) == set()
    assert set(hostile.used) - used == set(), [
        entry for entry in scanned.skipped if entry.path in hostile.used
    ]
    assert listed == set(hostile.skipped)


def test_the_reasons_are_true_and_fit_for_one_line(hostile, scanned):
    wrong = [
        (entry.path.name, entry.reason, hostile.cases[entry.path].reason)
        for entry in scanned.skipped
        if not re.fullmatch(hostile.cases[entry.path].reason, entry.reason)
    ]
    assert wrong == []
    for entry in scanned.skipped:
        assert entry.reason == printable(entry.reason)
        assert re.fullmatch(r"\w[\w ,.:-]{4,99}", entry.reason), entry.reason


def test_used_pictures_are_upright_and_have_their_colours(hostile, scanned):
    sizes = {record.path: (record.width, record.height) for record in scanned.records}
    wrong = []
    for path, case in hostile.used.items():
        pixels = decode(path, at_least=16).astype(int)
        height, width, _ = pixels.shape
        low, right = max(0, height - 4), max(0, width - 4)
        top, left = min(3, height - 1), min(3, width - 1)
        corners = (pixels[top, left], pixels[top, right], pixels[low, left], pixels[low, right])
        far = [
            0 if expected is None else int(abs(found - expected).max())
            for found, expected in zip(corners, case.corners, strict=True)
        ]
        if max(far) > case.tolerance or sizes[path] != case.size:
            wrong.append((path.name, [one.tolist() for one in corners], sizes[path]))
    assert wrong == []


def test_nothing_is_changed_and_nothing_is_printed(hostile, capfd):
    before = state(hostile.root)
    load_images(hostile.root)
    assert state(hostile.root) == before
    for path, case in hostile.cases.items():
        if path.is_file() and not path.is_symlink() and case.content:
            assert path.read_bytes() == case.content
    assert capfd.readouterr().out == ""


def test_a_picture_that_may_not_be_read(tmp_path):
    """As an ordinary user, which root becomes for a moment."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for file, mode in (("open.png", 0o644), ("locked.png", 0)):
            Image.new("RGB", (5, 5)).save(folder / file)
            (folder / file).chmod(mode)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65_534)
        try:
            assert inspect(folder / "open.png").width == 5
            with pytest.raises(Undecodable) as refused:
                inspect(folder / "locked.png")
        finally:
            if is_root:
                os.seteuid(0)
    assert str(refused.value) == "permission denied"


SCAN = """
import re, sys
from pathlib import Path
from vgg_transfer.images.sources.scan import scan
from vgg_transfer.images.decode import decode, ImageFacts
folder = Path(sys.argv[1])
status = Path("/proc/self/status")  # ru_maxrss would begin with what the parent needed

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1])

list(scan([folder / "small.png"] * 4))
before = most()
facts = [fact for _, fact in scan(sorted(folder.iterdir()))]
for path in folder.glob("black *.png"):
    assert decode(path, at_least=224).shape == (473, 473, 3)  # 8032 // 448 = 17
after = most()
print(sum(isinstance(fact, ImageFacts) for fact in facts), after - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_memory_is_bounded(hostile, tmp_path):
    """Beside bombs, which are refused, four sound pictures of 8,032 x 8,032 pixels, of 8 KB each.

    One of them takes 64 MB as Pillow holds it and would take 258 MB as RGB. One at a time, and
    turned to RGB in bands, they stay below 100 MB; in threads at once, or as RGB, they would not.
    """
    for path, case in hostile.cases.items():
        if path.name.startswith("bomb"):
            (tmp_path / path.name).write_bytes(case.content)
    Image.new("RGB", (64, 64)).save(tmp_path / "small.png")
    for number in range(4):
        Image.new("1", (8032, 8032)).save(tmp_path / f"black {number}.png")
    # What was given back goes to the system at once; otherwise glibc may keep 64 MB in each thread.
    environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": str(_MEGABYTE)}
    done = subprocess.run(
        [sys.executable, "-c", SCAN, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    used, growth = map(int, done.stdout.split())
    assert used == 1 + 4
    assert growth * 1024 < 100 * _MEGABYTE


def test_large_pictures_become_the_same_colours_in_bands(tmp_path, monkeypatch):
    """Black above and white below, in every way that values are converted; large is made small."""
    monkeypatch.setattr("vgg_transfer.images.decode._LARGE_PIXELS", 100_000)
    monkeypatch.setattr("vgg_transfer.images.rgb._BAND_PIXELS", 15_000)  # 20 rows, after others 29
    for mode, white in (("1", 1), ("P", 1), ("LA", (255, 255)), ("I;16", 65535), ("F", 1.0)):
        picture = Image.new(mode, (501, 401))
        if mode == "P":
            picture.putpalette([0, 0, 0, 255, 255, 255])
        if mode == "LA":
            picture.paste((0, 255), (0, 0, 501, 200))
        picture.paste(white, (0, 200, 501, 401))
        path = tmp_path / ("a.tif" if mode == "F" else "a.png")
        picture.save(path)
        pixels = decode(path, at_least=10)  # 401 // 20 = 20, and the last cell is one row high
        assert pixels.shape == (21, 26, 3), mode
        assert (pixels[:10] == 0).all(), mode
        assert (pixels[10:] == 255).all(), mode
        whole = decode(path)
        assert whole.shape == (401, 501, 3), mode
        assert (whole[:200] == 0).all(), mode
        assert (whole[200:] == 255).all(), mode
        assert (inspect(path).width, inspect(path).height) == (501, 401)


def test_a_picture_of_a_telephone_of_200_million_pixels_is_used(tmp_path):
    """Its scan is written by hand: each block is "no change, end of block", 00 1010."""
    file = io.BytesIO()
    Image.new("L", (8, 8), 128).save(file, "JPEG")
    data = bytearray(file.getvalue())
    scan = data.index(b"\xff\xda")
    scan += 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    size = data.index(b"\xff\xc0") + 5
    data[size : size + 4] = (12_240).to_bytes(2, "big") + (16_320).to_bytes(2, "big")
    blocks = 12_240 // 8 * 16_320 // 8
    path = tmp_path / "phone.jpg"
    path.write_bytes(bytes(data[:scan]) + b"\x28\xa2\x8a" * (blocks // 4) + b"\xff\xd9")
    assert (inspect(path).width, inspect(path).height) == (16_320, 12_240)
    pixels = decode(path, at_least=224)
    assert pixels.shape == (1530, 2040, 3)
    assert (pixels == 128).all()


@pytest.mark.parametrize("name", ["two\nlines.png", os.fsdecode(b"caf\xe9.png"), "plain.png"])
@pytest.mark.slow
def test_a_file_that_shrinks_after_the_scan_is_named_whatever_its_name(tmp_path, name):
    from vgg_transfer.images.batch_form import BatchForm
    from vgg_transfer.images.tfdata.batches import plain_batches
    from vgg_transfer.images.tfdata.failures import own_error

    path = tmp_path / name
    with path.open("wb") as file:
        Image.effect_noise((64, 64), 50).save(file, "PNG")
    facts = inspect(path)
    record = ImageRecord(path, 0, "train", facts.digest, facts.width, facts.height)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(Exception, match="ImageSetError") as caught:
        list(plain_batches([record], BatchForm(16, "squash", 1)))
    assert str(own_error(caught.value)) == (
        f'the image "{printable(path)}" is not what it was when the folder was scanned: '
        "truncated PNG: the file ends before the picture does. Put it back and train again"
    )


@pytest.mark.slow
def test_training_and_prediction_go_on(hostile, scanned, tiny_recipe, tmp_path, capsys):
    from vgg_transfer import run as record
    from vgg_transfer.cli import main
    from vgg_transfer.training import train

    before = state(hostile.root)
    folder = train(tiny_recipe, scanned, tmp_path / "run").folder
    run = record.read(folder)
    assert run.status == "complete"
    assert {hostile.root / row.path for row in run.manifest} == set(hostile.used)

    files = {path for path in hostile.cases if not path.is_dir()}
    arguments = ["predict", str(folder), str(hostile.root), "--out"]
    for out in (tmp_path / "found.csv", tmp_path / "found.json"):
        with pytest.raises(SystemExit) as leaving:
            main([*arguments, str(out)])
        written = capsys.readouterr()
        assert leaving.value.code == 0, written.err
        shown = f"{len(files) - len(hostile.used)} of {len(files)} files cannot be read"
        assert shown in written.out
        assert all(printable(line) == line for line in written.out.splitlines())

    with (tmp_path / "found.csv").open(newline="", errors="surrogateescape") as file:
        rows = [(row["path"], row["class"], row["error"]) for row in csv.DictReader(file)]
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["predictions"]
    assert [(one["path"], one["class"] or "", one["error"] or "") for one in found] == rows
    assert {Path(path) for path, _, _ in rows} == files
    assert len(rows) == len(files)
    for path, label, error in rows:
        if Path(path) in hostile.used:
            assert (label in run.class_names, error) == (True, "")
        else:
            assert label == ""
            assert re.fullmatch(hostile.cases[Path(path)].reason, error), path
    assert state(hostile.root) == before
