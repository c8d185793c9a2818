"""What is measured of bf16, and where it is remembered. No convolution is computed."""

import json
import time

import keras
import pytest

from vgg_transfer.training.gain import gain_of

BF16 = "mixed_bfloat16"


@pytest.fixture
def measured(monkeypatch):
    """The precisions that are timed, in order; bf16 is four times as fast."""
    timed, now = [], [0.0]

    def compute(model, _batch):
        precision = model.layers[0].dtype_policy.name
        now[0] += 4.0 if precision == "float32" else 1.0
        timed.append(precision)

    monkeypatch.setattr(keras.Model, "predict_on_batch", compute)
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return timed


def test_without_a_memory_it_is_measured_every_time(measured):
    assert [gain_of(BF16, "a processor, 2 cores", None) for _ in range(2)] == [4.0, 4.0]
    assert len(measured) == 2 * 22


def test_it_is_measured_once_for_each_device(measured, tmp_path):
    memory = tmp_path / "not there yet"
    for _ in range(2):
        assert gain_of(BF16, "a processor, 2 cores", memory) == 4.0
    assert len(measured) == 22
    assert gain_of(BF16, "a processor, 4 cores", memory) == 4.0
    assert len(measured) == 44
    kept = json.loads((memory / "bf16.json").read_text())
    assert [key.partition(";")[0] for key in kept] == [
        "a processor, 2 cores",
        "a processor, 4 cores",
    ]
    assert [file.name for file in memory.iterdir()] == ["bf16.json"]
    assert gain_of("mixed_float16", "a processor, 2 cores", memory) == 4.0
    assert measured[-1] == "mixed_float16"
    assert len(measured) == 66


def test_what_is_remembered_is_what_counts(measured, tmp_path):
    gain_of(BF16, "a processor", tmp_path)
    file = tmp_path / "bf16.json"
    file.write_text(file.read_text().replace("4.0", "0.5"))
    assert gain_of(BF16, "a processor", tmp_path) == 0.5


def test_other_versions_are_measured_anew(measured, tmp_path, monkeypatch):
    gain_of(BF16, "a processor", tmp_path)
    monkeypatch.setattr(keras, "__version__", "99.0")
    gain_of(BF16, "a processor", tmp_path)
    assert len(measured) == 44


@pytest.mark.parametrize(
    "damage", ["", "[1, 2]", "[" * 50_000, "\x00", '{"KEY": "fast"}', '{"KEY": -1.0}']
)
def test_a_damaged_file_is_measured_over(measured, tmp_path, damage):
    gain_of(BF16, "a processor", tmp_path)
    file = tmp_path / "bf16.json"
    whole = file.read_text()
    file.write_text(damage.replace("KEY", next(iter(json.loads(whole)))))
    assert gain_of(BF16, "a processor", tmp_path) == 4.0
    assert len(measured) == 44
    assert file.read_text() == whole


def test_where_nothing_can_be_written_it_is_only_measured(measured, tmp_path):
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("no folder")
    assert gain_of(BF16, "a processor", in_the_way) == 4.0
    assert in_the_way.read_text() == "no folder"
