"""Which device and precision are chosen, on simulated machines."""

import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import keras
import pytest
import tensorflow as tf

from vgg_transfer.errors import TrainingError
from vgg_transfer.training import devices
from vgg_transfer.training.devices import choose_device, lacks_int8

X86 = """processor\t: 0
model name\t: Some Processor 9000
flags\t\t: fpu sse avx2 {flags}
processor\t: 1
model name\t: Some Processor 9000
"""
MEASURED = "bf16 is 2.0 times as fast as fp32 here"
ARM = "processor\t: 0\nFeatures\t: fp asimd {flags}\n"


@pytest.fixture
def computing(monkeypatch):
    """Return a function that makes bf16 so many times as fast as fp32 on this machine.

    It returns the list of what is timed, in order. The clock goes on only while something is
    computed; the runs ``delayed``, by default the first of each precision, take a minute more.
    """

    def become(bf16_gain, delayed=(0, 1)):
        seconds = {"float32": bf16_gain, "mixed_bfloat16": 1.0, "mixed_float16": 1.0}
        timed, now = [], [0.0]

        def compute(model, _batch):
            precision = model.layers[0].dtype_policy.name
            now[0] += seconds[precision] + 60.0 * (len(timed) in delayed)
            timed.append(precision)

        monkeypatch.setattr(keras.Model, "predict_on_batch", compute)
        monkeypatch.setattr(time, "perf_counter", lambda: now[0])
        return timed

    return become


@pytest.fixture(autouse=True)
def timed(computing):
    """What is timed where bf16 is twice as fast as fp32, as in all tests that say nothing else."""
    return computing(2.0)


@pytest.fixture
def describe(monkeypatch):
    """Return a function that gives this machine that /proc/cpuinfo, and no GPU."""

    def become(text):
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: [])
        monkeypatch.setattr(Path, "read_text", lambda _, encoding: text)  # noqa: ARG005

    return become


@pytest.fixture
def gpu(monkeypatch):
    """Return a function that gives this machine a GPU of that compute capability."""

    def become(capability):
        details = {"device_name": "Some GPU", "compute_capability": capability}
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: ["a gpu"])
        monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda *_: None)
        monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda _: details)

    return become


@pytest.mark.parametrize("text", [X86, ARM])
@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("avx512_bf16", ("bf16", MEASURED)),
        ("amx_bf16", ("bf16", MEASURED)),
        ("bf16", ("bf16", MEASURED)),
        ("bf16_like", ("fp32", "the hardware has no bf16")),
        ("", ("fp32", "the hardware has no bf16")),
    ],
)
def test_a_processor_computes_in_bf16_where_it_says_so(describe, text, flags, expected):
    describe(text.format(flags=flags))
    device = choose_device("auto")
    assert (device.precision, device.reason) == expected
    assert not device.jit_compile


@pytest.mark.parametrize(("gain", "expected"), [(0.3, "fp32"), (1.0, "fp32"), (1.5, "bf16")])
def test_bf16_in_hardware_is_used_where_it_is_faster(describe, computing, gain, expected):
    describe(X86.format(flags="amx_bf16"))
    computing(gain)
    device = choose_device("auto")
    assert device.precision == expected
    assert device.reason == f"bf16 is {gain:.1f} times as fast as fp32 here"


@pytest.mark.parametrize("wanted", ["fp32", "bf16", "fp16"])
def test_what_the_recipe_asks_for_is_not_questioned(describe, wanted):
    describe(X86.format(flags=""))
    device = choose_device(wanted)
    assert device.precision == wanted
    assert device.reason == "the recipe asks for it"


def test_a_processor_has_a_name(describe, monkeypatch):
    describe(X86.format(flags=""))
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert choose_device("auto").name == "Some Processor 9000, 6 cores"


def test_a_system_that_does_not_describe_its_processor(monkeypatch):
    def refuse(path, encoding):
        raise FileNotFoundError(path)

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: [])
    monkeypatch.setattr(Path, "read_text", refuse)
    device = choose_device("auto")
    assert device.precision == "fp32"
    assert "cores" in device.name


@pytest.mark.parametrize(
    ("capability", "expected"),
    [((6, 1), "fp32"), ((7, 5), "fp16"), ((8, 0), "bf16"), ((9, 0), "bf16")],
)
def test_a_gpu_computes_in_bf16_from_capability_8_on_and_below_in_fp16(gpu, capability, expected):
    gpu(capability)
    device = choose_device("auto")
    assert (device.name, device.precision) == ("Some GPU", expected)
    assert device.jit_compile


def test_a_gpu_in_use_is_still_used(gpu, monkeypatch):
    gpu((8, 6))

    def refuse(*_):
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", refuse)
    assert choose_device("auto").name == "Some GPU"


@pytest.fixture
def jax_device(monkeypatch):
    """Return a function that gives Keras the backend JAX, with such a first device."""

    def become(**facts):
        monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
        device = SimpleNamespace(**facts)
        fake = SimpleNamespace(devices=lambda: [device], __version__="9.9")
        monkeypatch.setitem(sys.modules, "jax", fake)

    return become


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"platform": "gpu", "compute_capability": "7.5"}, "fp16"),
        ({"platform": "gpu", "compute_capability": "9.0"}, "bf16"),
        ({"platform": "tpu"}, "bf16"),
    ],
)
def test_a_device_of_jax_has_its_name_and_is_compiled_for(jax_device, facts, expected):
    jax_device(device_kind="Some Accelerator", **facts)
    device = choose_device("auto")
    assert (device.name, device.precision) == ("Some Accelerator", expected)
    assert device.jit_compile


def test_jax_compiles_on_a_processor_too(jax_device, describe):
    describe(X86.format(flags=""))
    jax_device(platform="cpu", device_kind="cpu")
    device = choose_device("auto")
    assert device.name.startswith("Some Processor 9000")
    assert device.jit_compile


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(TrainingError, match=r'computes with "torch".*KERAS_BACKEND to tensorflow'):
        choose_device("fp32")


def test_speed_is_measured_in_turns_and_only_where_there_is_a_choice(describe, timed):
    describe(X86.format(flags=""))
    choose_device("auto")
    describe(X86.format(flags="amx_bf16"))
    choose_device("fp32")
    choose_device("bf16")
    assert timed == []
    choose_device("auto")
    assert timed == ["float32", "mixed_bfloat16"] * 11  # a first round that does not count, and ten


def test_the_fastest_run_of_each_precision_counts(describe, computing):
    describe(X86.format(flags="amx_bf16"))
    computing(2.0, delayed=set(range(22)) - {6, 15})  # one run in fp32, one in bf16
    assert choose_device("auto").reason == MEASURED


def test_the_policy_is_the_name_of_the_precision_in_keras(describe):
    describe("")
    assert choose_device("fp32").policy == "float32"
    assert choose_device("bf16").policy == "mixed_bfloat16"


@pytest.mark.parametrize("flag", ["avx512_vnni", "avx_vnni", "amx_int8"])
def test_int8_needs_the_instructions_and_openvino(describe, monkeypatch, flag):
    monkeypatch.setattr(devices, "find_spec", lambda _: "a package")
    describe(X86.format(flags=flag))
    assert lacks_int8() is None
    describe(X86.format(flags="avx512_bf16 amx_bf16"))
    assert lacks_int8() == "the processor has none of amx_int8, avx512_vnni, avx_vnni"
    monkeypatch.setattr(devices, "find_spec", lambda _: None)
    describe(X86.format(flags=flag))
    assert lacks_int8() == 'it needs OpenVINO: pip install "vgg-transfer[fast]"'
