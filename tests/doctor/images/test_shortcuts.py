"""Whatever gives a class away is named, whether it is a file's, a camera's or a picture's."""

from dataclasses import replace

import numpy as np
import pytest
from support.examined import examined, measured

from vgg_transfer.doctor.images.facts import SIDE
from vgg_transfer.doctor.images.shortcuts import find_shortcuts


def found(whole):
    return list(find_shortcuts(whole.image_set.records, whole.facts))


def of_header(**changes):
    return lambda one, facts: {"header": replace(facts.header, **changes)} if one.label else {}


PLANTED = {
    "the file format": of_header(format="PNG"),
    "the JPEG quality": of_header(quantization=60.0),
    "the camera": of_header(camera="Maker Two"),
    "the time it was taken": of_header(taken="2019:07:01 10:00:00"),
    "the file size": lambda one, facts: {"bytes": facts.bytes * (9 if one.label else 1)},
    "sharpness": lambda one, facts: {"sharpness": facts.sharpness / (9 if one.label else 1)},
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_property_of_one_class_is_named(name):
    (finding,) = found(measured(examined(), PLANTED[name]))
    assert (finding.code, finding.severity) == ("shortcut", "warning")
    assert finding.seen.startswith(f"the class is told from {name} alone ")
    assert "of the time, where guessing gives 50.0%" in finding.seen


def test_missing_exif_of_one_class_is_a_shortcut():
    (finding,) = found(measured(examined(), of_header(camera="", taken="")))
    assert "from the camera alone 100.0%" in finding.seen


def test_other_dimensions_of_one_class_are_a_shortcut():
    whole = examined()
    records = tuple(
        replace(one, width=640, height=480) if one.label else one for one in whole.image_set.records
    )
    (finding,) = found(replace(whole, image_set=replace(whole.image_set, records=records)))
    assert finding.seen.startswith("the class is told from width and height alone 100.0%")


def test_a_colour_that_tells_most_of_the_class_is_a_shortcut_too():
    def darker(one, facts):
        return {"small": facts.small // 3} if one.label else {}

    (finding,) = found(measured(examined(), darker))
    assert finding.code == "shortcut"


def test_what_is_planted_in_test_pictures_alone_is_not_looked_at():
    def in_test(one, facts):
        changes = of_header(format="PNG")(one, facts)
        return changes if one.split == "test" else {}

    assert found(measured(examined(), in_test)) == []


def test_pictures_without_facts_and_single_classes_say_nothing():
    whole = examined()
    assert found(replace(whole, facts=[None] * len(whole.facts))) == []
    cats = [number for number, one in enumerate(whole.image_set.records) if one.label == 0]
    records = [whole.image_set.records[number] for number in cats]
    assert list(find_shortcuts(records, [whole.facts[number] for number in cats])) == []


def test_pictures_that_are_all_the_same_in_all_properties_say_nothing():
    first = examined().facts[0]
    small = np.full((SIDE, SIDE, 3), 90, np.uint8)
    same = {"bytes": 1000, "header": first.header, "small": small, "sharpness": 0.0}
    whole = measured(examined(), lambda *_: same)
    records = tuple(replace(one, width=10, height=10) for one in whole.image_set.records)
    assert found(replace(whole, image_set=replace(whole.image_set, records=records))) == []
