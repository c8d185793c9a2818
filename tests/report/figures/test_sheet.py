"""A contact sheet: what is on it, that any name can stand on it, that it becomes a file."""

import warnings

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import AxesImage
from PIL import Image

from vgg_transfer.report.figures.lettering import any_letters, letters
from vgg_transfer.report.figures.page import write_figure
from vgg_transfer.report.figures.sheet import Caption, SheetRow, draw_sheet

HOSTILE = [
    "$\\frac{1}{2}$.jpg",
    "$",
    "x_1^2 & %\\alpha.png",
    "<script>alert(1)</script>",
    "two\nlines.jpg",
    "bad\udcff\udcfebytes.jpg",
    "猫の写真.jpg",
    "",
]


def square(colour, side=16):
    return np.full((side, side, 3), colour, np.uint8)


def sheet_of(names=("a.jpg", "b.jpg"), columns=3, kind="cats", **caption):
    rows = [
        SheetRow(name, kind, tuple(square(40 * column) for column in range(columns)))
        for name in names
    ]
    heads = ["plain", *(f"view {number}" for number in range(1, columns))]
    return draw_sheet(rows, heads, Caption(**{"title": "Augmentation: light", **caption}))


def texts_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def pictures_of(figure):
    return [child for child in figure.axes[0].get_children() if isinstance(child, AxesImage)]


def drawn(figure):
    """Return the figure's pixels."""
    canvas = FigureCanvasAgg(figure)
    with any_letters():
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def test_a_sheet_says_what_it_was_told():
    figure = sheet_of(phrases=("mirrored", "zoom ±10%"), notes=("One note.", "Another one."))
    assert texts_of(figure) == [
        "Augmentation: light",
        "mirrored  ·  zoom ±10%",
        "plain",
        "view 1",
        "view 2",
        "a.jpg",
        "cats",
        "b.jpg",
        "cats",
        "One note.",
        "Another one.",
    ]


def test_each_row_has_its_pictures_from_left_to_right_and_the_first_stands_apart():
    figure = sheet_of(columns=4)
    found = pictures_of(figure)
    assert [int(np.asarray(one.get_array())[0, 0, 0]) for one in found] == [0, 40, 80, 120] * 2
    lefts = np.array([one.get_extent()[0] for one in found]).reshape(2, 4)
    np.testing.assert_array_equal(lefts[0], lefts[1])
    steps = np.diff(lefts[0])
    assert steps[0] > steps[1] == pytest.approx(steps[2])
    tops = [one.get_extent()[3] for one in found]
    assert len(set(tops)) == 2
    assert tops[0] < tops[4]


def test_a_square_picture_is_square_on_paper_and_stands_upright():
    picture = square(255, side=20)
    picture[:10] = (200, 0, 0)  # the upper half is red
    figure = draw_sheet([SheetRow("a.jpg", "cats", (picture,))], ["plain"], Caption("Title"))
    found = drawn(figure)[..., :3].astype(int)
    red = (abs(found - (200, 0, 0)) < 8).all(axis=-1)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert abs(2 * height - width) <= 3
    (only,) = pictures_of(figure)
    left, right, lower, upper = (inch * figure.dpi for inch in only.get_extent())
    assert rows[0] == pytest.approx(upper, abs=2)  # rows are counted from above
    assert (columns[0], columns[-1]) == pytest.approx((left, right), abs=2)
    assert lower - upper == pytest.approx(right - left)


def test_nothing_is_drawn_outside_the_page_or_over_a_picture():
    figure = sheet_of(
        names=["a" * 300, *HOSTILE],
        kind="a class with a name that nobody has room for",
        columns=6,
        title="word " * 100,
        phrases=tuple(f"phrase {number}" for number in range(60)),
        notes=("sentence " * 90,),
    )
    drawn(figure)
    page = figure.bbox
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    for box in boxes:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1
        assert page.y0 <= box.y0 <= box.y1 <= page.y1
    for picture in pictures_of(figure):
        place = picture.get_window_extent().padded(-1)
        assert not any(box.overlaps(place) for box in boxes)


def test_what_is_too_long_loses_its_middle():
    long_name = "holiday-" * 20 + "0042.jpg"
    shown = texts_of(sheet_of(names=[long_name]))[-2]
    start, end = shown.split("…")
    assert long_name.startswith(start)
    assert long_name.endswith(end)
    assert end.endswith("2.jpg")
    assert len(start) > len(end) > 4


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_drawn_as_it_is_and_nothing_is_said_about_it(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = sheet_of(names=[name], kind=name)
    assert not any(text.get_parse_math() for text in figure.axes[0].texts)
    expected = {
        "two\nlines.jpg": "two\\nlines.jpg",
        "bad\udcff\udcfebytes.jpg": "bad\\udcff\\udcfebytes.jpg",
    }
    assert texts_of(figure)[-2:] == [expected.get(name, name)] * 2 or "…" in texts_of(figure)[-1]


@pytest.mark.parametrize(
    ("kind", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")]
)
def test_a_figure_becomes_a_file_of_its_kind_whatever_its_name(kind, start, tmp_path):
    file = tmp_path / "sheet.partial"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_figure(sheet_of(names=HOSTILE), file, kind)
    content = file.read_bytes()
    assert content.startswith(start)
    assert b"<script>" not in content
    if kind == "png":
        with Image.open(file) as image:
            assert image.width > 1000


def test_drawing_leaves_matplotlib_as_it_was():
    before = dict(matplotlib.rcParams)
    drawn(sheet_of())
    assert dict(matplotlib.rcParams) == before


def test_words_go_to_the_next_line_where_they_do_not_fit():
    used = letters()
    one = used.inches("word", 10)
    assert used.lines(["word"] * 5, " ", 3.5 * one, 10) == ["word word word", "word word"]
    assert used.lines([], " ", 1.0, 10) == []
    assert used.fitted("word", one, 10) == "word"
    assert used.fitted("word", 0.01, 10) == "…"
