"""What fixes make of an image set: by digest and by path, with findings; all faults at once."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.fix_file import Fix, save_fix_file
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.names import noted

ROOT = Path("/pets")
NAMES = ("birds", "cats", "dogs")
RECORDS = tuple(
    ImageRecord(ROOT / NAMES[label] / f"{number}.jpg", label, split, f"{label}{number}", 6, 4)
    for label in (1, 2)
    for number, split in enumerate(("train", "train", "val", "test"))
)
BIRDS = tuple(
    ImageRecord(ROOT / "birds" / f"{number}.jpg", 0, split, f"0{number}", 6, 4)
    for number, split in enumerate(("train", "val", "test"))
)
COPY = ImageRecord(ROOT / "cats" / "again.jpg", 1, "train", "11", 6, 4)
PETS = ImageSet(f"folder {ROOT}", NAMES, (*BIRDS, *RECORDS, COPY), root=ROOT)


@pytest.fixture
def fixed(tmp_path):
    """Return the pets as fixes make them."""

    def fix(*fixes, images=PETS):
        file = tmp_path / "fixes.csv"
        file.unlink(missing_ok=True)
        save_fix_file(fixes, file)
        return load_images(images, fixes=file)

    return fix


def faults(fixed, *fixes):
    with pytest.raises(ImageSetError) as error:
        fixed(*fixes)
    return str(error.value).partition(" cannot be used: ")[2].splitlines()


def classes(images):
    return {
        record.path.relative_to(ROOT).as_posix(): images.class_names[record.label]
        for record in images.records
    }


def test_pictures_are_left_out_and_relabelled_and_all_others_stay_as_they_are(fixed):
    found = fixed(Fix("cats/0.jpg", "10", "leave out"), Fix("", "21", "relabel", "cats"))
    expected = {**classes(PETS), "dogs/1.jpg": "cats"}
    del expected["cats/0.jpg"]
    assert classes(found) == expected
    before = {record.path: record.split for record in PETS.records}
    assert all(before[record.path] == record.split for record in found.records)
    (said,) = found.findings
    assert (said.code, said.severity) == ("fixed", "note")
    assert said.seen.startswith('The fixes "fixes.csv" (SHA-256 ')
    assert said.seen.endswith(") leave out 1 image and relabel 1.")
    assert found.digest != PETS.digest


def test_the_digest_decides_and_among_copies_the_path(fixed):
    moved = fixed(Fix("elsewhere/x.jpg", "20", "leave out"))
    assert "dogs/0.jpg" not in classes(moved)
    one = fixed(Fix("cats/again.jpg", "11", "leave out"))
    assert classes(one).keys() == classes(PETS).keys() - {"cats/again.jpg"}
    both = fixed(Fix("cats/renamed.jpg", "11", "leave out"))
    assert classes(both).keys() == classes(PETS).keys() - {"cats/again.jpg", "cats/1.jpg"}
    by_path = fixed(Fix("cats/0.jpg", "", "leave out"))
    assert classes(by_path).keys() == classes(PETS).keys() - {"cats/0.jpg"}


def test_leaving_out_wins(fixed):
    found = fixed(Fix("", "10", "relabel", "dogs"), Fix("cats/0.jpg", "", "leave out"))
    assert "cats/0.jpg" not in classes(found)


def test_a_row_that_fits_no_picture_is_a_finding(fixed):
    found = fixed(Fix("cats/0.jpg", "", "leave out"), Fix("cats/0.jpg", "99", "leave out"))
    outdated = found.findings[-1]
    assert (outdated.code, outdated.severity) == ("fixes-outdated", "note")
    assert outdated.seen.endswith("fit none of these images (line 3).")
    none = fixed(Fix("gone.jpg", "", "leave out"))
    assert none.digest == PETS.digest
    assert none.findings[-1].severity == "warning"
    assert none.findings[-1].seen.endswith("all of them. Is it the file of another image set?")


def test_a_class_whose_pictures_all_became_others_is_gone(fixed):
    found = fixed(*(Fix("", record.digest, "relabel", "dogs") for record in BIRDS))
    assert found.class_names == ("cats", "dogs")
    assert set(classes(found).values()) == {"cats", "dogs"}
    assert 'Nothing is left of "birds", which is no class any more.' in seen(found)[-1]


def test_what_the_source_said_of_two_classes_is_looked_at_again(fixed):
    twice = replace(RECORDS[0], path=ROOT / "dogs" / "again.jpg", label=2)
    images = replace(
        PETS, records=(*PETS.records, twice), findings=(noted("in-two-classes", "?", "warning"),)
    )
    assert [one.code for one in fixed(images=images).findings] == ["in-two-classes", "fixed"]
    mended = fixed(Fix("dogs/again.jpg", twice.digest, "leave out"), images=images)
    assert [one.code for one in mended.findings] == ["fixed"]


def test_a_class_that_is_measured_no_more_is_named(fixed):
    found = fixed(Fix("birds/2.jpg", "", "leave out"))
    assert seen(found)[0] == 'No test images in "birds": test numbers say nothing there.'


def test_all_faults_at_once(fixed):
    wrong = (
        Fix("", "10", "relabel", "dgos"),
        Fix("", "20", "relabel", "cats"),
        Fix("dogs/0.jpg", "", "relabel", "birds"),
    )
    assert faults(fixed, *wrong) == [
        "2 faults.",
        '- line 2: "dgos" is no class of the images: "birds", "cats", "dogs". Did you mean "dogs"?',
        '- line 4: relabel "birds" for "0.jpg", and line 3 says relabel "cats".',
    ]


def test_too_little_is_left(fixed):
    assert faults(fixed, Fix("birds/0.jpg", "", "leave out")) == [
        'no train images are left in "birds".'
    ]
    others = [Fix("", one.digest, "leave out") for one in PETS.records if one.label != 1]
    assert faults(fixed, *others) == ['only "cats" is left, and 2 classes are needed.']
    every = [Fix("", one.digest, "leave out") for one in PETS.records]
    assert faults(fixed, *every) == ["no image is left, and 2 classes are needed."]
