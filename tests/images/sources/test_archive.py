"""Archives of image folders: unpacked once, and safely."""

import io
import os
import shutil
import tarfile
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from PIL import Image

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.sources import archive
from vgg_transfer.places import prepared_images


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    return prepared_images()


def packed(folder: Path, target: Path, kind: str) -> Path:
    """Pack a folder, itself included, as zip, tar or gztar."""
    return Path(shutil.make_archive(str(target), kind, folder.parent, folder.name))


def tar_of(path: Path, **members: bytes | tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as made:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                made.addfile(content)
            else:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                made.addfile(member, io.BytesIO(content))
    return path


def fault(path: Path) -> str:
    with pytest.raises(ImageSetError) as error:
        load_images(path)
    return str(error.value)


@pytest.mark.parametrize("kind", ["zip", "tar", "gztar"])
def test_an_archive_is_its_folder(tiny_folder, tmp_path, kind):
    file = packed(tiny_folder, tmp_path / "pets", kind)
    images = load_images(str(file))
    assert images.source == f'archive "{file}"'
    assert images.digest == load_images(tiny_folder).digest
    assert images.root is not None
    assert images.root.name == "tiny images"


def test_it_is_unpacked_once_and_nothing_is_left_beside(tiny_folder, tmp_path, cache, monkeypatch):
    file = packed(tiny_folder, tmp_path / "pets", "zip")
    first = load_images(file)
    monkeypatch.setattr(archive, "_unpack_zip", None)  # would fail if it were called
    renamed = file.rename(tmp_path / "renamed.zip")
    assert load_images(renamed).records == first.records
    assert sorted(path.name[:8] for path in cache.iterdir()) == ["archive-", "prepare."]


def test_an_archive_that_grows_keeps_its_splits(tiny_folder, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(tiny_folder, data)

    def splits() -> dict[str, str]:
        records = load_images(packed(data, tmp_path / "pets", "zip")).records
        return {record.digest: record.split for record in records}

    before = splits()
    for number in range(20):
        Image.new("RGB", (6, 4), (number, 7, 7)).save(data / f"red/new {number}.png")
    after = splits()
    assert len(after) == 44
    assert {digest: after[digest] for digest in before} == before


def test_the_folder_of_the_classes_is_found(tiny_folder, tmp_path):
    for number, inside in enumerate(("", "data/pets", "train")):
        target = tmp_path / str(number) / inside
        shutil.copytree(tiny_folder, target)
        file = shutil.make_archive(str(tmp_path / f"pets{number}"), "zip", tmp_path / str(number))
        images = load_images(file)
        assert (images.class_names, len(images.records)) == (("blue", "red"), 24)


def test_a_killed_unpacking_leaves_nothing_half(tiny_folder, tmp_path, cache, monkeypatch):
    file = packed(tiny_folder, tmp_path / "pets", "tar")

    def stop(path: Path, shown: str, target: Path) -> None:
        (target / "half").mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(archive, "_unpack_tar", stop)
        with pytest.raises(KeyboardInterrupt):
            load_images(file)
    (cache / ".0123.partial").mkdir()  # what a program leaves that cannot tidy up
    assert len(load_images(file).records) == 24
    assert [path.name for path in cache.glob(".*.partial")] == []


def test_members_outside_of_the_folder_are_refused(tmp_path, cache):
    outside = zipfile.ZipFile(tmp_path / "outside.zip", "w")
    with outside:
        outside.writestr("pets/../../escaped.png", b"1")
    assert fault(tmp_path / "outside.zip") == (
        f'The archive "{tmp_path}/outside.zip" is not unpacked: its member '
        '"pets/../../escaped.png" leads outside of the folder or is no file. Pack the images '
        "again, without such members."
    )
    link = tarfile.TarInfo("pets/link")
    link.type, link.linkname = tarfile.SYMTYPE, "../../../escaped"
    for name, member in (("../escaped.png", b"1"), ("pets/link", link)):
        text = fault(tar_of(tmp_path / "outside.tar", **{name: member}))
        assert f'its member "{name}" leads outside' in text
    device = tarfile.TarInfo("pets/device")
    device.type = tarfile.CHRTYPE
    assert 'its member "pets/device"' in fault(tar_of(tmp_path / "o.tar", **{"device": device}))
    assert [path.name for path in cache.iterdir()] == ["prepare.lock"]
    assert list(tmp_path.rglob("escaped*")) == []


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, kind, monkeypatch, cache):
    monkeypatch.setattr(archive, "_ALWAYS_FINE", 1_000_000)
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "zeros.bmp").write_bytes(bytes(3_000_000))  # packs to 1/1000
    assert "out of all proportion to its size" in fault(
        packed(tmp_path / "pets", tmp_path / "pets", kind)
    )
    assert [path.name for path in cache.iterdir()] == ["prepare.lock"]


def test_a_full_disk_is_said_before(tiny_folder, tmp_path, monkeypatch):
    disk = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk(10**9, 10**9 - 1000, 1000))
    text = fault(packed(tiny_folder, tmp_path / "pets", "zip"))
    assert "where 1 MB are free and 500 MB of them stay free for everything else. Make" in text
    assert "Make room, or name another place in VGG_TRANSFER_CACHE" in text


def test_what_is_wrong_with_an_archive(tiny_folder, tmp_path):
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    assert f'The archive "{text}" is damaged or no archive' in fault(text)
    file = packed(tiny_folder, tmp_path / "pets", "gztar")
    os.truncate(file, file.stat().st_size // 2)
    assert "is damaged or no archive" in fault(file)
    (tmp_path / "empty").mkdir()
    text_of_folder = fault(packed(tmp_path / "empty", tmp_path / "empty", "zip"))
    assert f'The archive "{tmp_path}/empty.zip" is unpacked, but: Image folder' in text_of_folder
    assert fault(tmp_path / "emty.zip") == (
        f'There is no archive "emty.zip" in "{tmp_path}". Did you mean "empty.zip"?'
    )


def test_a_hard_link_to_what_is_not_in_the_tar(tmp_path):
    link = tarfile.TarInfo("cats/1.png")
    link.type, link.linkname = tarfile.LNKTYPE, "cats/gone.png"
    path = tar_of(tmp_path / "pets.tar", link=link)
    assert "damaged or no archive: linkname 'cats/gone.png' not found. Fetch" in fault(path)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_folders_in_folders_in_folders(tmp_path, cache, kind):
    name = "f/" * 1500 + "1.png"
    path = tmp_path / f"pets.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(name, b"x")
    else:
        tar_of(path, **{name: b"x"})
    message = fault(path)
    assert 'f/f/…" lies in more than 100 folders, one in another.' in message
    assert len(message) < 400
    assert [left.name for left in cache.iterdir()] == ["prepare.lock"]
