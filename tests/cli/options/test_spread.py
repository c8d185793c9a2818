"""What is asked for on the command line about devices and hosts."""

import pytest

from vgg_transfer.cli import main
from vgg_transfer.cli.options.spread import devices_of


def test_devices_are_a_number_or_all():
    assert [devices_of(text) for text in (None, "all", "8")] == [None, "all", 8]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--devices", "some"], 2, '"some" is neither all nor a number from 1 on'),
        (["--devices", "0"], 2, '"0" is neither all nor a number from 1 on'),
        (["--engine", "ray", "--hosts", "auto"], 2, "--engine ray and --hosts are two ways"),
        (["--hosts", "10.0.0.1"], 1, 'must be "auto", or ADDRESS:PORT,N,I such as'),
    ],
)
def test_what_makes_no_sense_is_refused(options, code, said, tiny_folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(["train", str(tiny_folder), "--out", str(tmp_path / "run"), *options])
    assert left.value.code == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
