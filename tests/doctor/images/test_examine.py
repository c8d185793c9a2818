"""Every problem of images is found where it was planted, and nothing else is."""

from dataclasses import replace

import numpy as np
import pytest
from support.examined import CLASSES, ROOT, changed, examined, measured

from vgg_transfer.doctor.images import ENTRIES, examine_images
from vgg_transfer.doctor.images.facts import SIDE
from vgg_transfer.images.image_set import Skipped

SIZE = 224


def codes(whole):
    return [finding.code for finding in examine_images(whole, SIZE)]


def with_path(whole, place, path):
    return changed(whole, place, path=ROOT / path)


def without(whole, dropped):
    kept = [n for n, one in enumerate(whole.image_set.records) if not dropped(n, one)]
    records = tuple(whole.image_set.records[n] for n in kept)
    facts = [whole.facts[n] for n in kept]
    images = replace(whole.image_set, records=records)
    return replace(whole, image_set=images, facts=facts, features=whole.features[kept])


def with_copies(whole, pairs):
    """Let the second of each pair show what the first shows, a little brighter."""
    facts, features = list(whole.facts), whole.features.copy()
    for first, second in pairs:
        brighter = np.clip(facts[first].small.astype(int) + 3, 0, 255).astype(np.uint8)
        facts[second] = replace(facts[second], small=brighter)
        features[second] = features[first]
    return replace(whole, facts=facts, features=features)


def framed(record, facts):
    small = facts.small.copy()
    colour = (200, 120, 40) if record.label else (40, 120, 200)
    small[0], small[-1], small[:, 0], small[:, -1] = colour, colour, colour, colour
    return {"small": small}


def reddish(record, facts):
    """Most of one class are redder than any other picture."""
    small = facts.small.copy()
    if record.label and int(record.path.stem) % 5 < 4:
        small[..., 0] = 160 + small[..., 0] // 3
    return {"small": small}


def burst(record, facts):
    if record.path.name == "07.jpg":
        return {"header": replace(facts.header, taken="2023:05:17 14:03:22")}
    return {}


def first(number, **changes):
    def change(record, _):
        is_one = record.split == "train" and int(record.path.stem) < number
        return changes if is_one else {}

    return change


def with_wrong_labels(whole, share):
    """Swap the features of so many pictures of each class, which is as if labels were swapped."""
    features = whole.features.copy()
    for number, one in enumerate(whole.image_set.records):
        if int(one.path.stem) % share == 0:
            features[number, 0] = 8 * (1 - one.label) + 0.1
    return replace(whole, features=features)


def with_classes(whole, *names):
    return replace(whole, image_set=replace(whole.image_set, class_names=names))


def shifted(whole):
    features = whole.features.copy()
    features[[one.split == "test" for one in whole.image_set.records], 3] += 3
    return replace(whole, features=features)


FLAT = np.full((SIDE, SIDE, 3), 200, np.uint8)
NIGHT = np.random.default_rng(0).integers(0, 39, (SIDE, SIDE, 3), np.uint8)
# Places: train cats 0 to 89, dogs 90 to 179; val from 180, test from 220.
CASES = {
    "unreadable-files": lambda w: replace(
        w, image_set=replace(w.image_set, skipped=(Skipped(ROOT / "a.jpg", "empty file"),))
    ),
    "misnamed-files": lambda w: with_path(w, 3, "train/cats/03.png"),
    "class-in-class": lambda w: with_path(w, 3, "train/cats/Dogs/03.jpg"),
    "nested-folders": lambda w: with_path(w, 3, "train/cats/monday/03.jpg"),
    "twin-classes": lambda w: with_classes(w, "Cat", "cats"),
    "tiny-class": lambda w: without(w, lambda n, one: one.split == "train" and n % 90 > 8),
    "imbalance": lambda w: without(w, lambda n, _: 20 <= n < 90),
    "blank-pictures": lambda w: measured(w, first(2, small=FLAT)),
    "dark-pictures": lambda w: measured(w, first(1, small=NIGHT)),
    "blurred-pictures": lambda w: measured(w, first(2, sharpness=1.5)),
    "small-pictures": lambda w: changed(w, 3, width=100),
    "copies-with-two-labels": lambda w: with_copies(w, [(3, 93)]),
    "leak": lambda w: with_copies(w, [(3, 220), (93, 241)]),
    "copies-across-splits": lambda w: with_copies(w, [(181, 221)]),
    "copies": lambda w: with_copies(w, [(3, 4)]),
    "bursts-across-splits": lambda w: measured(w, burst),
    "shortcut": lambda w: measured(w, framed),
    "told-by-looks": lambda w: measured(w, reddish),
    "splits-differ": shifted,
    "wrong-labels": lambda w: with_wrong_labels(w, 10),
    "doubted-labels": lambda w: with_wrong_labels(w, 80),
}


def test_there_is_a_case_for_every_entry():
    assert list(CASES) == sorted(CASES, key=[entry.code for entry in ENTRIES].index)
    assert set(CASES) == {entry.code for entry in ENTRIES}


@pytest.mark.parametrize("seed", range(5))
def test_where_nothing_is_wrong_nothing_is_found(seed):
    assert codes(examined(seed)) == []


@pytest.mark.parametrize("code", CASES)
def test_what_is_planted_is_found_and_nothing_else(code):
    assert codes(CASES[code](examined())) == [code]


def test_class_names_are_those_of_the_set():
    whole = with_copies(examined(), [(3, 93)])
    (finding,) = examine_images(whole, SIZE)
    assert finding.seen == (
        "1 pair of pictures look the same and have two labels "
        f'("train/{CLASSES[0]}/03.jpg" and "train/{CLASSES[1]}/03.jpg")'
    )


def test_without_features_what_needs_them_is_left_out():
    assert codes(replace(CASES["wrong-labels"](examined()), features=None)) == []
    assert codes(replace(CASES["copies"](examined()), features=None)) == ["copies"]
