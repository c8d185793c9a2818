"""Where names stand: beside the point where that is free, elsewhere where it is not."""

import pytest

from vgg_transfer.report.figures.placing import Bar, Box, place_names

ROOM = Box(0.0, 0.0, 10.0, 10.0)
NAME = (1.0, 0.2)
BAR = Bar(across=5.0, point=5.0, low=4.0, high=6.0)
BEHIND = Box(5.0, 4.9, 6.2, 5.1)
BEFORE = Box(3.8, 4.9, 5.0, 5.1)


def place(*obstacles, bar=BAR):
    return place_names([bar], [NAME], obstacles, ROOM)[0]


def test_a_name_stands_behind_its_point():
    box = place()
    assert (box.left, box.low) == (5.1, pytest.approx(4.9))
    assert (box.right - box.left, box.high - box.low) == (1.0, pytest.approx(0.2))


def test_or_before_it_or_at_an_end_of_its_bar():
    assert place(BEHIND).right == pytest.approx(4.9)
    above = place(BEHIND, BEFORE)
    assert above.low == pytest.approx(6.02)
    assert (above.left + above.right) / 2 == pytest.approx(5.0)
    below = place(BEHIND, BEFORE, Box(4.0, 6.0, 6.0, 6.3))
    assert below.high == pytest.approx(3.98)


def test_names_stay_inside():
    edge = Bar(across=9.9, point=5.0, low=4.0, high=6.0)
    assert place(bar=edge).right == pytest.approx(9.8)


def test_names_do_not_cover_each_other():
    boxes = place_names([BAR] * 6, [NAME] * 6, [], ROOM)
    assert all(not one.cut(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_without_any_room_a_name_still_has_a_place():
    assert place(Box(-5.0, -5.0, 15.0, 15.0)).right > 0


def test_what_two_boxes_share():
    assert Box(0, 0, 2, 2).cut(Box(1, 1, 3, 3)) == 1
    assert Box(0, 0, 1, 1).cut(Box(1, 0, 2, 1)) == 0
    assert Box(0, 0, 2, 3).area() == 6
