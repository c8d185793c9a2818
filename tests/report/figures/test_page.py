"""A figure in a notebook and as a file."""

import io

import pytest
from PIL import Image

from vgg_transfer.report.figures.page import Page, write_figure


def test_a_notebook_gets_a_picture_and_its_size_on_the_screen():
    png, size = Page(5.0, 3.0)._repr_png_()
    assert size == {"width": 480, "height": 288}
    with Image.open(io.BytesIO(png)) as image:
        assert image.width > size["width"]  # sharper than it is shown


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [("a.png", None, b"\x89PNG"), ("a.svg", None, b"<?xml"), ("a.png", "pdf", b"%PDF")],
)
def test_the_ending_of_a_file_says_what_it_becomes_unless_told(tmp_path, name, kind, start):
    write_figure(Page(2.0, 1.0), str(tmp_path / name), kind)
    assert (tmp_path / name).read_bytes().startswith(start)


def test_the_paper_is_measured_in_inches_from_above():
    page = Page(5.0, 3.0)
    page.paper.imshow([[1]], extent=(1, 2, 2, 1))  # moves the limits to itself
    page.measure_paper()
    assert (page.paper.get_xlim(), page.paper.get_ylim()) == ((0, 5), (3, 0))
    panel = page.panel(left=1.0, top=0.5, width=2.0, height=1.0)
    assert panel.get_window_extent().extents / page.dpi == pytest.approx([1.0, 1.5, 3.0, 2.5])
