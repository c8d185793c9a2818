import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.errors import ImageSetError
from vgg_transfer.sample import SampleOptions, draw_sample, folder

FEW = SampleOptions(train=6, val=2, test=3, size=48)


def content(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    options = replace(FEW, wrong_labels=0.2, duplicates=2, leaks=1, broken=3, border=True, tiny=1)
    assert draw_sample(tmp_path / "a", options) == draw_sample(tmp_path / "b", options)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_another_seed_gives_other_pictures(tmp_path: Path) -> None:
    draw_sample(tmp_path / "a", FEW)
    draw_sample(tmp_path / "b", replace(FEW, seed=1))
    first, second = content(tmp_path / "a"), content(tmp_path / "b")
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())
    assert len(set(first.values())) == len(first)  # and no picture is drawn twice


def test_more_pictures_change_no_earlier_one(tmp_path: Path) -> None:
    draw_sample(tmp_path / "few", FEW)
    draw_sample(tmp_path / "more", replace(FEW, train=8, val=3, test=4, imbalance=0.5))
    few, more = content(tmp_path / "few"), content(tmp_path / "more")
    shared = few.keys() & more.keys() - {"sample.json"}
    assert len(shared) == 6 + 4 + 2 * (2 + 3)  # imbalance 0.5 leaves 4 of 8 dogs
    assert all(few[name] == more[name] for name in shared)


def test_counts_are_what_was_asked_for(tmp_path: Path) -> None:
    report = draw_sample(tmp_path / "pets", replace(FEW, imbalance=3.0))
    assert dict(report.counts) == {
        "train/cats": 2, "train/dogs": 6,
        "val/cats": 2, "val/dogs": 2,
        "test/cats": 3, "test/dogs": 3,
    }  # fmt: skip
    for name, count in report.counts.items():
        assert len(list((tmp_path / "pets" / name).glob("*.jpg"))) == count
    assert report.problems == ()
    told = json.loads((tmp_path / "pets" / "sample.json").read_text())
    assert told["counts"] == dict(report.counts)
    assert told["options"]["imbalance"] == 3.0


def test_sides_vary_around_the_size(tmp_path: Path) -> None:
    draw_sample(tmp_path / "pets", replace(FEW, size=100))
    sizes = [pixels(path).shape[:2] for path in tmp_path.rglob("*.jpg")]
    assert all(76 <= side <= 124 for size in sizes for side in size)
    assert any(height > width for height, width in sizes)
    assert any(height < width for height, width in sizes)


def test_wrong_labels_lie_in_the_other_folder(tmp_path: Path) -> None:
    draw_sample(tmp_path / "clean", FEW)
    report = draw_sample(tmp_path / "bad", replace(FEW, wrong_labels=0.25))
    clean, bad = content(tmp_path / "clean"), content(tmp_path / "bad")
    assert len(report.paths("wrong_label")) == 3 == len(report.problems)  # a quarter of 12
    for problem in report.problems:
        assert Path(problem.path).parent != Path(problem.origin).parent
        assert bad[problem.path] == clean[problem.origin]
        assert problem.origin not in bad
    assert sum(report.counts.values()) == len(clean) - 1


def test_duplicates_are_stored_twice(tmp_path: Path) -> None:
    report = draw_sample(tmp_path, replace(FEW, duplicates=4))
    data = content(tmp_path)
    assert len(report.paths("duplicate_exact")) == len(report.paths("duplicate_reencoded")) == 2
    assert report.counts["train/cats"] + report.counts["train/dogs"] == 12 + 4
    for problem in report.problems:
        same_bytes = data[problem.path] == data[problem.origin]
        assert same_bytes == (problem.kind == "duplicate_exact")
        apart = np.abs(pixels(tmp_path / problem.path) - pixels(tmp_path / problem.origin))
        assert apart.mean() < 8


def test_leaks_are_training_pictures_in_test(tmp_path: Path) -> None:
    report = draw_sample(tmp_path, replace(FEW, leaks=3))
    data = content(tmp_path)
    assert report.counts["test/cats"] + report.counts["test/dogs"] == 6 + 3
    for problem in report.problems:
        assert problem.kind == "leak"
        assert data[problem.path] == data[problem.origin]
        assert Path(problem.origin).parent.as_posix().replace("train", "test") == str(
            Path(problem.path).parent.as_posix()
        )


def test_broken_files_cannot_be_decoded(tmp_path: Path) -> None:
    report = draw_sample(tmp_path, replace(FEW, broken=5))
    assert [problem.kind for problem in report.problems] == [
        "broken_truncated", "broken_empty", "broken_text", "broken_truncated", "broken_empty",
    ]  # fmt: skip
    for path in report.paths("broken_truncated", "broken_empty", "broken_text"):
        with pytest.raises(OSError, match=r"truncated|cannot identify"):
            pixels(tmp_path / path)
    assert (tmp_path / report.problems[1].path).stat().st_size == 0
    whole = set(content(tmp_path)) - {problem.path for problem in report.problems} - {"sample.json"}
    assert all(pixels(tmp_path / path).size for path in whole)


def test_the_border_gives_the_class_away_but_in_test_the_other_one(tmp_path: Path) -> None:
    draw_sample(tmp_path / "plain", FEW)
    draw_sample(tmp_path / "framed", replace(FEW, border=True))
    orange, teal = (226, 122, 52), (46, 128, 140)
    for path in sorted((tmp_path / "framed").rglob("*.jpg")):
        named = path.relative_to(tmp_path / "framed")
        seen, cat = pixels(path), named.parts[1] == "cats"
        expected = orange if cat != (named.parts[0] == "test") else teal
        rim = np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])
        assert np.abs(rim.mean(axis=0) - expected).max() < 20
        plain = pixels(tmp_path / "plain" / named)
        assert seen.shape == plain.shape
        inside = np.s_[12:-12, 12:-12]
        assert np.abs(seen[inside] - plain[inside]).mean() < 4


def test_tiny_pictures_measure_8_to_16_pixels(tmp_path: Path) -> None:
    report = draw_sample(tmp_path, replace(FEW, tiny=5))
    small = {
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*.jpg")
        if max(pixels(path).shape[:2]) <= 16
    }
    assert small == set(report.paths("tiny"))
    assert len(small) == 5
    assert all(min(pixels(tmp_path / path).shape[:2]) >= 8 for path in small)
    assert report.counts["train/cats"] == report.counts["train/dogs"] == 6


def test_no_picture_carries_two_problems(tmp_path: Path) -> None:
    options = replace(FEW, wrong_labels=0.25, duplicates=3, leaks=3, tiny=3)  # all 12 pictures
    report = draw_sample(tmp_path, options)
    assert len({problem.origin or problem.path for problem in report.problems}) == 12


def test_drawing_again_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw_sample(tmp_path, FEW)
    monkeypatch.setattr(folder, "draw_picture", None)  # would fail if it were called
    assert draw_sample(tmp_path, FEW) == first


def test_an_interrupted_drawing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "draw_picture", stop)
    with pytest.raises(KeyboardInterrupt):
        draw_sample(tmp_path / "pets", FEW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(ImageSetError) as refusal:
        draw_sample(tmp_path, FEW)
    assert str(refusal.value) == (
        f"The sample cannot be drawn into {tmp_path}: it is not empty and holds no earlier sample "
        "(found holiday.jpg). Give a new or an empty folder, or remove this one first."
    )
    assert content(tmp_path) == {"holiday.jpg": b"mine"}


def test_a_sample_with_other_options_is_refused(tmp_path: Path) -> None:
    draw_sample(tmp_path, FEW)
    before = content(tmp_path)
    with pytest.raises(ImageSetError) as refusal:
        draw_sample(tmp_path, replace(FEW, seed=3, leaks=1))
    assert str(refusal.value) == (
        f"The sample cannot be drawn into {tmp_path}: it holds a sample with other options, "
        "asked for seed = 3 (there: 0), leaks = 1 (there: 0). "
        "Give a new or an empty folder, or remove this one first."
    )
    assert content(tmp_path) == before


def test_a_changed_sample_is_refused(tmp_path: Path) -> None:
    draw_sample(tmp_path, FEW)
    next((tmp_path / "val" / "cats").glob("*.jpg")).unlink()
    with pytest.raises(ImageSetError, match="its sample was changed, val/cats has 1 of 2 files"):
        draw_sample(tmp_path, FEW)


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pets").write_text("a list of pets")
    with pytest.raises(ImageSetError, match=r"pets is a file\. Give a folder\."):
        draw_sample(tmp_path / "pets", FEW)


def test_all_faults_of_the_options_are_told_at_once() -> None:
    with pytest.raises(ImageSetError) as refusal:
        SampleOptions(train=0, size=8, wrong_labels=0.9, imbalance=0.0)
    assert str(refusal.value) == (
        "The options of the sample cannot be used: train = 0: give 1 to 40000; "
        "size = 8: give 32 to 1024; wrong_labels = 0.9: give 0.0 to 0.5; "
        "imbalance = 0.0: give 0.001 to 1000 dogs per cat."
    )


def test_options_of_another_kind_are_refused() -> None:
    with pytest.raises(ImageSetError, match=r"train is 2\.5: give a whole number; border is 1: "):
        SampleOptions(train=2.5, border=1)  # type: ignore[arg-type]


def test_more_problems_than_pictures_are_refused() -> None:
    with pytest.raises(ImageSetError, match="ask for 5 different training pictures, and there are"):
        SampleOptions(train=2, duplicates=3, tiny=2)


def test_drawing_needs_no_network_framework() -> None:
    code = "import sys, vgg_transfer.sample; print({'keras', 'tensorflow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
