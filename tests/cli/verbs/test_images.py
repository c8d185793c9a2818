"""``vgg-transfer images``: what it shows and saves; and the split options that `train` shares."""

import csv
import subprocess
import sys

import pytest
from PIL import Image
from support.answers import checked

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record


def noted(code, seen):
    return {"code": code, "severity": "note", "where": "images", "seen": seen, "remedy": ""}


@pytest.fixture
def pets(tmp_path):
    """Eight cats and twelve dogs of five animals each, and two files that are no images."""
    folder = tmp_path / "pets"
    for name, count, shade in (("cats", 8, 0), ("dogs", 12, 100)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            file = folder / name / f"animal{number % 5}_{number}.png"
            Image.new("RGB", (6, 4), (shade, number, 9)).save(file)
    (folder / "cats" / "empty.jpg").touch()
    (folder / "dogs" / "notes\n.txt").write_text("a note")
    return folder


def asked(ran, *arguments):
    return checked("images", ran("images", *arguments, "--json"))


def test_counts_notes_and_skipped_files(ran, pets):
    answer = asked(ran, pets)
    counts = answer["counts"]
    lines = ran("images", pets).splitlines()
    assert lines[0].startswith("images    20 images in 2 classes (cats 8, dogs 12): ")
    assert lines[1].split() == ["There", "are", "no", "split", "folders."]
    assert [line for line in lines if "skipped  " in line or "notes" in line] == [
        'skipped   "cats/empty.jpg": empty file',
        '          "dogs/notes\\n.txt": not an image',
    ]
    table = [line.split() for line in lines[-4:]]
    assert table[0] == ["class", "train", "val", "test", "all"]
    for row, name, images in zip(table[1:3], ("cats", "dogs"), ("8", "12"), strict=True):
        assert row == [name, *(str(counts[split][name]) for split in counts), images]
    assert table[3][0] == "all"
    assert table[3][-1] == "20"


def test_the_answer_in_json(ran, pets):
    answer = asked(ran, pets, "--val", "0", "--test", "0")
    assert len(answer.pop("digest")) == 64
    assert answer == {
        "source": f"folder {pets}",
        "images": 20,
        "class_names": ["cats", "dogs"],
        "counts": {
            "train": {"cats": 8, "dogs": 12},
            "val": {"cats": 0, "dogs": 0},
            "test": {"cats": 0, "dogs": 0},
        },
        "findings": [
            noted("no-split-folders", "There are no split folders."),
            noted("splits-drawn", "All images are train."),
        ],
        "skipped": [
            {"path": "cats/empty.jpg", "reason": "empty file"},
            {"path": "dogs/notes\n.txt", "reason": "not an image"},
        ],
        "saved": None,
    }


def test_a_long_class_name_is_cut_and_the_numbers_stay_in_line(ran, pets):
    (pets / "cats").rename(pets / "cats of every colour there is")
    lines = ran("images", pets).splitlines()[-4:]
    assert lines[1].startswith("cats of every colour th…  ")
    assert len({len(line) for line in lines}) == 1


def test_saved_splits_come_back_under_another_seed(ran, pets, tmp_path):
    file = tmp_path / "splits.csv"
    assert ran("images", pets, "--save", file).endswith(f"saved in  {file}\n")
    assert "which was the same already" in ran("images", pets, "--save", file)
    before, other = asked(ran, pets), asked(ran, pets, "--seed", "1")
    assert asked(ran, pets, "--seed", "1", "--splits", file)["digest"] == before["digest"]
    assert other["digest"] != before["digest"]
    message = ran("images", pets, "--save", file, "--seed", "1", code=1)
    assert f'error: "{file}" is there and says something else; nothing is overwritten' in message


def test_a_set_that_grows_keeps_its_splits(ran, pets, tmp_path):
    def split_of(file):
        ran("images", pets, "--save", tmp_path / file)
        return {row["path"]: row["split"] for row in csv.DictReader((tmp_path / file).open())}

    before = split_of("before.csv")
    for number in range(9):
        Image.new("RGB", (6, 4), (number, 99, 7)).save(pets / f"cats/new {number}.png")
    assert "20 images keep the split of an earlier drawing; 9 are new." in ran("images", pets)
    after = split_of("after.csv")
    assert len(after) == 29
    assert {path: after[path] for path in before} == before


def test_folds_and_groups(ran, pets, tmp_path):
    tested = []
    for number in (1, 2):
        file = tmp_path / f"{number}.csv"
        ran("images", pets, "--fold", f"{number}/2", "--group", r"animal(\d)", "--save", file)
        rows = list(csv.DictReader(file.open()))
        split_of = {row["path"].split("animal")[1][0]: row["split"] for row in rows}
        assert all(split_of[row["path"].split("animal")[1][0]] == row["split"] for row in rows)
        tested += [row["path"] for row in rows if row["split"] == "test"]
    assert len(tested) == len(set(tested))
    assert len(tested) >= 20 - 12  # at most one animal stays train in both folds


def test_train_splits_as_images_says(ran, pets, tiny_recipe, tmp_path):
    recipe, saved, out = tmp_path / "tiny.toml", tmp_path / "splits.csv", tmp_path / "run"
    recipe.write_text(recipes.to_toml(tiny_recipe), encoding="utf-8")
    options = ("--val", "0.3", "--test", "0.3", "--seed", "2")
    ran("images", pets, *options, "--save", saved)
    text = ran("train", pets, "--recipe", recipe, "--out", out, *options)
    assert "Of every class, 30% is val and 30% is test" in text
    with saved.open(newline="") as file:
        rows = [record.ManifestRow.from_cells(cells) for cells in list(csv.reader(file))[1:]]
    assert tuple(rows) == record.read(out).manifest
    # The run's own list is a split file as well.
    again = asked(ran, pets, "--splits", out / "images.csv", "--seed", "5")
    assert again["findings"][1]["seen"] == "The split file decides the split of 20 images."
    assert again["digest"] == record.read(out).image_set.digest


@pytest.mark.parametrize("verb", ["train", "images"])
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--fold", "2"], '"2" is not a fold: write 2/5 for the second of five'),
        (["--fold", "b/5"], '"b/5" is not a fold'),
        (["--val", "much"], "--val"),
    ],
)
def test_wrong_usage(ran, pets, verb, options, complaint):
    assert complaint in ran(verb, pets, *options, code=2)


@pytest.mark.parametrize("verb", ["train", "images"])
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--fold", "6/5"], "Fold 6 of 5 does not exist."),
        (["--val", "0.6", "--test", "0.4"], "The shares are 0.6 for val and 0.4 for test."),
        (["--group", "("], 'The group "(" is not a regular expression'),
        (["--group", "patient"], 'The group "patient" is found in none of 20 paths, such as "cats'),
        (["--splits", "gone.csv"], 'There is no split file "gone.csv".'),
        (["--test", "0.1", "--fold", "1/5"], "The share of 0.1 for test has no effect: the fold"),
    ],
)
def test_what_cannot_be_done_is_one_message(ran, pets, verb, options, complaint):
    message = ran(verb, pets, *options, code=1)
    assert message.count("error: ") == 1
    assert f"error: {complaint}" in message


def test_no_tensorflow_is_loaded(pets):
    program = (
        "import sys; from vgg_transfer.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as leaving: print(leaving.code)\n"
        "print(sorted({'keras', 'tensorflow', 'sklearn'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "images", str(pets)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines()[-2:] == ["0", "[]"]
