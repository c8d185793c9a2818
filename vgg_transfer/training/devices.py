"""The device a training runs on, and the precision it computes in."""

import os
import platform
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import keras

from vgg_transfer.errors import RunError, TrainingError
from vgg_transfer.training.gain import gain_of

Precision = Literal["fp32", "bf16", "fp16"]

_POLICIES: dict[Precision, str] = {
    "fp32": "float32",
    "bf16": "mixed_bfloat16",
    "fp16": "mixed_float16",
}
# What Linux calls processors that multiply bfloat16 in hardware (x86, x86, Arm).
_CPU_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
# Likewise those that multiply 8-bit integers without overflow; others would be slow, or wrong.
_INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})


@dataclass(frozen=True)
class Device:
    """Where and how a training computes; variables stay float32 in either precision."""

    name: str
    precision: Precision
    reason: str
    jit_compile: bool

    @property
    def policy(self) -> str:
        """Keras's name for the precision."""
        return _POLICIES[self.precision]


def choose_device(
    wanted: Literal["auto", "fp32", "bf16", "fp16"], memory: Path | None = None
) -> Device:
    """Use the GPU where Keras's backend sees one, and 16 bits where the hardware is faster in them.

    Args:
        wanted: the recipe's precision.
        memory: the folder where it is remembered what is faster. Default: it is measured each time.

    Raises:
        TrainingError: Keras computes with something else than TensorFlow or JAX.
    """
    backend = keras.backend.backend()
    if backend not in _GPUS:
        raise TrainingError(
            f'Keras computes with "{backend}" here, and trainings run on TensorFlow or JAX: set '
            "the environment variable KERAS_BACKEND to tensorflow or jax"
        )
    gpu = _GPUS[backend]()
    name, in_hardware = gpu or (_cpu_name(), "bf16" if _cpu_has_bf16() else None)
    precision: Precision
    if wanted != "auto":
        precision, reason = wanted, "the recipe asks for it"
    elif in_hardware:
        gain = gain_of(_POLICIES[in_hardware], name, memory)
        precision = in_hardware if gain > 1 else "fp32"
        reason = f"{in_hardware} is {gain:.1f} times as fast as fp32 here"
    else:
        precision, reason = "fp32", "the hardware has no bf16"
    # On JAX what is not compiled runs operation by operation, on a processor as well.
    return Device(name, precision, reason, jit_compile=gpu is not None or backend == "jax")


def needs_tensorflow(what: str) -> None:
    """Refuse what is computed by TensorFlow alone where Keras computes with something else.

    Args:
        what: it is, in words, at the beginning of a sentence.

    Raises:
        RunError: says how it is to be had.
    """
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise RunError(
            f"{what} TensorFlow, and Keras computes with {backend} here: ask again with the "
            "environment variable KERAS_BACKEND=tensorflow, which reads the same runs"
        )


def cpu_has_int8() -> bool:
    """True where the processor multiplies 8-bit integers in hardware."""
    return not _INT8_FLAGS.isdisjoint(_cpu_facts("flags").split())


def lacks_int8() -> str | None:
    """Say what this machine lacks to compute in int8; None where it can."""
    if not cpu_has_int8():
        return f"the processor has none of {', '.join(sorted(_INT8_FLAGS))}"
    if find_spec("openvino") is None:
        return 'it needs OpenVINO: pip install "vgg-transfer[fast]"'
    return None


_Gpu = tuple[str, Literal["bf16", "fp16"] | None] | None
"""The name of a GPU and what it computes in 16 bits; None where there is none."""


def _gpu_of_tensorflow() -> _Gpu:
    """Return the first GPU; let its memory use grow."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:
            break  # already in use by this process, which then decided this itself
    if not gpus:
        return None
    details = tf.config.experimental.get_device_details(gpus[0])
    major, minor = details.get("compute_capability", (0, 0))
    return str(details.get("device_name", "GPU")), _in_16_bits(f"{major}.{minor}")


def _gpu_of_jax() -> _Gpu:
    """Return JAX's first device; None for a processor."""
    import jax

    device = jax.devices()[0]
    if device.platform == "cpu":
        return None
    # GPUs have a capability, such as "9.0"; what has none is a TPU, made for bf16.
    capability = str(getattr(device, "compute_capability", "8.0"))
    return str(device.device_kind), _in_16_bits(capability)


def _in_16_bits(capability: str) -> Literal["bf16", "fp16"] | None:
    """Return what a GPU's matrix units compute: those of 7.0 and 7.5 know no bf16."""
    major = int(capability.partition(".")[0])
    return "bf16" if major >= 8 else "fp16" if major == 7 else None


_GPUS = {"tensorflow": _gpu_of_tensorflow, "jax": _gpu_of_jax}


def _cpu_has_bf16() -> bool:
    return not _CPU_FLAGS.isdisjoint(_cpu_facts("flags", "Features").split())


def _cpu_name() -> str:
    model = _cpu_facts("model name") or platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores"


def _cpu_facts(*keys: str) -> str:
    """Return the first such line of Linux's description of the processor; '' elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() in keys:
            return value.strip()
    return ""
