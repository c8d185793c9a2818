"""Tables, split files, archives and prepared folders that went wrong: images, or one error."""

import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import strategies as st
from support.mutated import as_json, changes, raw, table, tried

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import Splitting, load_images
from vgg_transfer.images.sources.written import read_pictures
from vgg_transfer.images.splits import read_split_file

LONGEST = 5_000_000  # letters: a table names each of its lines that is wrong; a terminal cuts it


def check_message(error: ImageSetError) -> None:
    assert 10 < len(str(error)) < LONGEST
    assert str(error).replace("\n", "").isprintable()


@pytest.fixture
def pictures(tiny_folder, tmp_path) -> Path:
    """Three pictures of each class, in a folder that may be changed."""
    folder = tmp_path / "pictures"
    for name in ("blue", "red"):
        (folder / name).mkdir(parents=True)
        for number in range(3):
            shutil.copy(tiny_folder / name / f"{number:02}.png", folder / name)
    return folder


def rows_of(folder: Path) -> bytes:
    """Return a table of the pictures of a folder, with splits."""
    splits = ("train", "val", "test")
    lines = [
        f"{path.relative_to(folder).as_posix()},{path.parent.name},{splits[number % 3]}\n"
        for number, path in enumerate(sorted(folder.rglob("*.png")))
    ]
    return "".join(["path,label,split\n", *lines]).encode()


@pytest.mark.parametrize("inputs", [100, pytest.param(600, marks=pytest.mark.slow)])
def test_tables(inputs, pictures):
    file = pictures / "table.csv"
    data = rows_of(pictures)

    def door(change) -> None:
        put(file, data, change)
        try:
            images = load_images(f"csv:{file}", remember=False)
        except ImageSetError as error:
            check_message(error)
        else:
            assert set(images.class_names) >= {images.class_names[0]}
            assert images.describe()

    tried(inputs, changes(data, table(data)), door, pictures)


@pytest.mark.parametrize("inputs", [100, pytest.param(450, marks=pytest.mark.slow)])
def test_split_files(inputs, pictures):
    file = pictures.parent / "splits.csv"
    rows = load_images(pictures).manifest_rows()
    data = "".join(f"{','.join(map(str, row))}\n" for row in rows).encode()

    def door(change) -> None:
        put(file, data, change)
        try:
            kept = read_split_file(file)
            splitting = Splitting(kept=kept.digests, kept_paths=kept.paths)
            assert load_images(pictures, 0, splitting, remember=False).describe()
        except ImageSetError as error:
            check_message(error)

    tried(inputs, changes(data, table(data)), door, pictures.parent)


@pytest.mark.parametrize("inputs", [100, pytest.param(300, marks=pytest.mark.slow)])
def test_files_of_fixes(inputs, pictures):
    file = pictures.parent / "fixes.csv"
    images = load_images(pictures, remember=False)
    actions = ("leave out,", "relabel,red", "relabel,blue")
    lines = [
        f"{path},{digest},{actions[number % 3]},why\n"
        for number, (path, _, _, digest, *_) in enumerate(images.manifest_rows()[1:])
    ]
    data = "".join(["path,digest,action,label,why\n", *lines]).encode()

    def door(change) -> None:
        put(file, data, change)
        try:
            assert load_images(images, fixes=file).describe()
        except ImageSetError as error:
            check_message(error)

    tried(inputs, changes(data, table(data)), door, pictures.parent)


def put(file: Path, data: bytes, change) -> None:
    """Put a file back, whatever stands in its place; then change it."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    file.unlink(missing_ok=True)
    file.write_bytes(data)
    change(file)


def zip_of(folder: Path, names: list[str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in zip(sorted(folder.rglob("*.png")), names, strict=True):
            archive.writestr(name, path.read_bytes())
    return made.getvalue()


def tar_of(folder: Path, names: list[str]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for path, name in zip(sorted(folder.rglob("*.png")), names, strict=True):
            member = tarfile.TarInfo(name)
            member.size = path.stat().st_size
            archive.addfile(member, io.BytesIO(path.read_bytes()))
    return made.getvalue()


@st.composite
def archives(draw, folder: Path) -> tuple[str, bytes]:
    """Draw a zip or tar whose bytes are wrong, or whose members have names of bad intent."""
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.png"))]
    for _ in range(draw(st.integers(0, 2))):
        parts = st.sampled_from(("..", ".", "", "/", "C:", "a\\..\\..\\b", "x" * 300, "é", "a:b"))
        chosen = draw(st.integers(0, len(names) - 1))
        names[chosen] = "/".join([*draw(st.lists(parts, max_size=3)), names[chosen]])
    kind, pack = draw(st.sampled_from((("zip", zip_of), ("tar", tar_of))))
    data = pack(folder, names)
    return kind, draw(raw(data)) if draw(st.booleans()) else data


@pytest.mark.parametrize("inputs", [50, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives(inputs, pictures, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(cache))

    def door(given: tuple[str, bytes]) -> None:
        kind, data = given
        file = tmp_path / f"pets.{kind}"
        file.write_bytes(data)
        try:
            assert load_images(file, remember=False).describe()
        except ImageSetError as error:
            check_message(error)
        finally:
            shutil.rmtree(cache, ignore_errors=True)

    tried(inputs, archives(pictures), door, cache, tmp_path / "pets.zip", tmp_path / "pets.tar")


@pytest.mark.parametrize("inputs", [50, pytest.param(250, marks=pytest.mark.slow)])
def test_prepared_folders(inputs, pictures):
    file = pictures / "index.json"
    rows = [[str(p.relative_to(pictures)), p.parent.name, None] for p in pictures.rglob("*.png")]
    index = {"class_names": ["red", "blue"], "notes": ["a note"], "pictures": rows}
    data = json.dumps(index).encode()

    def door(change) -> None:
        put(file, data, change)
        try:
            assert read_pictures(pictures, "dataset of the test").describe()
        except ImageSetError as error:
            check_message(error)

    tried(inputs, changes(data, as_json(index)), door, pictures)
