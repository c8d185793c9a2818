"""What is kept back from the error stream, and what is not."""

import os

import pytest

from vgg_transfer.cli.quiet import _kept_back


def test_what_goes_past_python_is_kept_back(capfd):
    with _kept_back():
        os.write(2, b"noise\n")
    os.write(2, b"news\n")
    assert capfd.readouterr().err == "news\n"


def failing_import():
    with _kept_back():
        os.write(2, b"the reason\n")
        raise ImportError


def test_it_comes_out_with_an_error(capfd):
    with pytest.raises(ImportError):
        failing_import()
    assert capfd.readouterr().err == "the reason\n"
