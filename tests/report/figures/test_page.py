"""A figure in a notebook and as a file."""

import io

import pytest
from PIL import Image

from vgg_transfer.report.figures.lettering import letters
from vgg_transfer.report.figures.page import Page, write_figure


def test_a_notebook_gets_a_picture_and_its_size_on_the_screen():
    png, size = Page(letters(), 5.0, 3.0)._repr_png_()
    assert size == {"width": 480, "height": 288}
    with Image.open(io.BytesIO(png)) as image:
        assert image.width > size["width"]  # sharper than it is shown


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [("a.png", None, b"\x89PNG"), ("a.svg", None, b"<?xml"), ("a.png", "pdf", b"%PDF")],
)
def test_the_ending_of_a_file_says_what_it_becomes_unless_told(tmp_path, name, kind, start):
    write_figure(Page(letters(), 2.0, 1.0), str(tmp_path / name), kind)
    assert (tmp_path / name).read_bytes().startswith(start)


def test_lines_stand_below_each_other_and_a_long_title_is_shortened():
    page = Page(letters(), 3.0, 3.0)
    page.write_title("a title that is much too long for three inches")
    page.write_lines(1.0, ["one", "two", "three"])
    title, *lines = page.paper.texts
    assert title.get_text().startswith("a title")
    assert "…" in title.get_text()
    assert [line.get_text() for line in lines] == ["one", "two", "three"]
    assert {line.get_position()[0] for line in lines} == {title.get_position()[0]}
    tops = [line.get_position()[1] for line in lines]
    assert 1.0 < tops[0] < tops[1] < tops[2]
    assert tops[2] - tops[1] == pytest.approx(tops[1] - tops[0])


def test_the_paper_is_measured_in_inches_from_above():
    page = Page(letters(), 5.0, 3.0)
    page.paper.imshow([[1]], extent=(1, 2, 2, 1))  # moves the limits to itself
    page.measure_paper()
    assert (page.paper.get_xlim(), page.paper.get_ylim()) == ((0, 5), (3, 0))
    panel = page.panel(left=1.0, top=0.5, width=2.0, height=1.0)
    assert panel.get_window_extent().extents / page.dpi == pytest.approx([1.0, 1.5, 3.0, 2.5])
