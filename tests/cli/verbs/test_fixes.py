"""``--fixes``: written by ``doctor``, read by every verb that takes images, kept by ``resume``."""

import csv
import shutil

import pytest
from PIL import Image
from support.answers import checked
from support.killed import Killed, KilledAt

from vgg_transfer.doctor import diagnose
from vgg_transfer.images import load_images
from vgg_transfer.recipe import to_toml
from vgg_transfer.run import read
from vgg_transfer.training import resume, train


@pytest.fixture
def pets(tiny_folder, tmp_path):
    """The tiny images, a blank one among them, and a copy of one under the other label."""
    folder = shutil.copytree(tiny_folder, tmp_path / "pets")
    Image.new("RGB", (24, 24), (9, 9, 9)).save(folder / "red" / "blank.png")
    shutil.copy(folder / "blue" / "03.png", folder / "red" / "copy.png")
    return folder


@pytest.fixture
def fixes(ran, pets, tmp_path):
    """The file of what the doctor would leave out."""
    text = ran("doctor", pets, "--no-model", "--fixes", tmp_path / "fixes.csv")
    assert text.endswith(
        f"fixes     {tmp_path}/fixes.csv: 3 pictures to leave out, 0 to relabel; look at it, then "
        f"use it:\n          vgg-transfer train {pets} --fixes {tmp_path}/fixes.csv\n"
    )
    return tmp_path / "fixes.csv"


def test_what_the_doctor_writes_can_be_used(ran, pets, fixes, tmp_path):
    with fixes.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "digest", "action", "label", "why"]
    assert {(row["path"], row["action"], row["why"]) for row in rows} == {
        ("blue/03.png", "leave out", "is also in red"),
        ("red/copy.png", "leave out", "is also in blue"),
        ("red/blank.png", "leave out", "is of one colour"),
    }
    answer = checked("images", ran("images", pets, "--fixes", fixes, "--json"))
    assert answer["images"] == 23
    assert answer["findings"][-1]["seen"].endswith("leave out 3 images and relabel 0.")
    assert len(list(pets.rglob("*.png"))) == 26


def test_the_doctor_reads_what_is_there_and_leaves_it_as_it_is(ran, pets, fixes):
    before = fixes.read_bytes()
    found = checked("doctor", ran("doctor", pets, "--no-model", "--fixes", fixes, "--json"))
    assert {"blank-pictures", "in-two-classes"}.isdisjoint(one["code"] for one in found["findings"])
    assert found["fixes"] == str(fixes)
    assert fixes.read_bytes() == before


def test_only_images_are_fixed(ran, tiny_run, tmp_path, fixes):
    new = tmp_path / "new.csv"
    assert "is no set of images" in ran("doctor", "probe", "--fixes", new, code=1)
    assert not new.exists()
    assert "holds fixes of images" in ran("doctor", "probe", "--fixes", fixes, code=1)
    assert "the ending says what" in ran("doctor", "probe", "--fixes", tmp_path / "new", code=1)
    assert "give data to fix" in ran("evaluate", tiny_run.folder, "--fixes", fixes, code=1)


def test_a_run_says_what_was_fixed_and_goes_on_with_the_same(
    ran, pets, fixes, tiny_recipe, tmp_path
):
    recipe = tiny_recipe.changed(batch_size=8, stage_1={"epochs": 3})
    (tmp_path / "recipe.toml").write_text(to_toml(recipe), encoding="utf-8")
    options = ("--recipe", tmp_path / "recipe.toml", "--out", tmp_path / "run", "--fixes", fixes)
    text = ran("train", pets, *options)
    assert "leave out 3 images and relabel 0." in text
    assert "caution   blocks that start at random train on 17 images" in text
    whole = read(tmp_path / "run")
    kept = [one.code for one in whole.findings]
    assert {"fixed", "few-from-scratch"} <= set(kept)
    examined = [one.code for one in diagnose(whole, model=False).findings]
    assert [examined.count(code) for code in kept] == [kept.count(code) for code in kept]
    assert len(whole.manifest) == 23

    images = load_images(pets, fixes=fixes)
    in_the_second_epoch = KilledAt(6)
    with pytest.raises(Killed):
        train(recipe, images, tmp_path / "killed", listen=in_the_second_epoch)
    fixes.unlink()
    again = resume(tmp_path / "killed")
    assert (again.image_set, again.metrics) == (whole.image_set, whole.metrics)
    assert again.findings == tuple(one for one in whole.findings if one in again.findings)
    assert "fixed" in [one.code for one in again.findings]


def test_other_images_are_judged_without_what_is_left_out(ran, tiny_run, pets, fixes):
    found = checked("evaluate", ran("evaluate", tiny_run.folder, pets, "--fixes", fixes, "--json"))
    assert found["metrics"]["images"] == 23
    assert "leave out 3 images" in found["cautions"][0]
