"""``vgg-transfer augment``: the sheet it draws, and what is refused before anything is drawn."""

import pytest
from PIL import Image
from support.answers import checked

from vgg_transfer import recipe as recipes


def test_a_sheet_is_drawn(ran, recipe_file, tiny_folder, tmp_path):
    out = tmp_path / "the sheet.PNG"
    text = ran(
        "augment", tiny_folder, "--out", out, "--recipe", recipe_file, "--augmentation", "light",
        "--set", "augmentation.mixup=0.2", "--images", "3", "--views", "2",
    )  # fmt: skip
    assert text.splitlines() == [
        "augments  mirrored, brightness ±10%, contrast ±10%, mixup 0.2",
        "note      Not shown: mixup. The images of a batch are mixed in training only.",
        f"saved in  {out}",
    ]
    with Image.open(out) as sheet:
        assert sheet.format == "PNG"
    assert set(tmp_path.iterdir()) == {recipe_file, out}


def test_the_answer_as_json_says_what_was_drawn(ran, recipe_file, tiny_folder, tmp_path):
    out = tmp_path / "sheet.svg"
    answer = checked(
        "augment",
        ran(
            "augment", tiny_folder, "--out", out, "--recipe", recipe_file, "--size", "24",
            "--set", "augmentation.rotation=20", "--images", "4", "--views", "1", "--json",
        ),
    )  # fmt: skip
    assert answer["file"] == str(out)
    assert out.is_file()
    assert (answer["size"], answer["views"], answer["notes"]) == (24, 1, [])
    assert answer["augmentation"]["rotation"] == 20
    classes = [path.split("/")[-2] for path in answer["images"]]
    assert classes == ["blue", "blue", "red", "red"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--augmentation", "strng"], 'no augmentation is called "strng". Did you mean "strong"?'),
        (["--set", "augmentation=strng"], 'Did you mean "strong"?'),
        (["--set", "augmentation.rotaton=3"], 'Did you mean "rotation"?'),
        (["--recipe", "stagged"], 'Did you mean "staged"?'),
        (["--size", "3"], "size: input should be greater than or equal to 8; received 3"),
    ],
)
def test_a_wrong_wish_is_one_message(ran, tiny_folder, tmp_path, arguments, complaint):
    message = ran("augment", tiny_folder, "--out", tmp_path / "sheet.png", *arguments, code=1)
    assert message.startswith("error: ")
    assert complaint in message
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_never_overwritten(ran, tiny_folder, tmp_path):
    out = tmp_path / "sheet.png"
    out.write_text("here before")
    message = ran("augment", tiny_folder, "--out", out, code=1)
    assert message == (
        f'error: "{out}" exists already, and nothing is overwritten: choose another name, or move '
        "it away\n"
    )
    assert out.read_text() == "here before"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("sheet.jpg", "the ending says what is written, and known endings are .png, .pdf, .svg"),
        ("sheet", "the ending says what is written"),
        ("gone/sheet.png", "there is no folder"),
    ],
)
def test_a_place_that_cannot_be_is_refused(ran, tiny_folder, tmp_path, name, complaint):
    message = ran("augment", tiny_folder, "--out", tmp_path / name, code=1)
    assert message.startswith(f'error: cannot write "{tmp_path / name}": ')
    assert complaint in message


@pytest.mark.parametrize("option", ["--images", "--views"])
def test_wrong_usage_exits_2(ran, tiny_folder, tmp_path, option):
    assert option in ran("augment", tiny_folder, "--out", tmp_path / "a.png", option, "0", code=2)
    assert "--out" in ran("augment", tiny_folder, code=2)


def test_the_named_augmentations_are_listed(ran):
    lines = ran("recipes", "--augmentations").splitlines()
    assert lines[2].startswith("light ")
    assert lines[3].split(maxsplit=1)[0] == "mirrored,"
    every = checked("recipes", ran("recipes", "--augmentations", "--json"))["augmentations"]
    assert tuple(one["name"] for one in every) == recipes.augmentation_names()
    assert every[0]["augmentation"] == recipes.Augmentation().model_dump(mode="json")
    assert "not both" in ran("recipes", "staged", "--augmentations", code=2)
