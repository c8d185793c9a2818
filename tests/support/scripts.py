"""The corpus: pairs of a script with one fault and its mended twin, and what may be said of them.

A comment at the end of a line says what is to be found there: ``# fault: high-rate``; where several
lines carry the same, one of them is enough, and ``a or b`` is found by either code.
``# also: removed-api`` allows what else is true of a line. Nobody who examines a script sees these
comments: they are cut off, and the lines stay where they are.

``told`` is for scripts of a few lines.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.doctor.scripts import examine_script, read_script
from vgg_transfer.finding import Finding

CORPUS = Path(__file__).parents[1] / "doctor" / "scripts" / "corpus"
_MARK = re.compile(r"\s*# (?=fault: |also: )(?P<said>.*)$")


@dataclass(frozen=True)
class Script:
    """One script of a pair.

    Args:
        name: its file's name.
        text: what is examined, without the comments that say what is to be found.
        faults: by place (``line 17``; in a notebook ``cell 3, line 2``) the codes of its fault.
        allowed: by place the codes that may be found beside it.
    """

    name: str
    text: str
    faults: dict[str, frozenset[str]]
    allowed: dict[str, frozenset[str]]

    @property
    def codes(self) -> frozenset[str]:
        """The codes by which its fault is found, anywhere."""
        return frozenset().union(*self.faults.values())

    def may_have(self, code: str, where: str) -> bool:
        """Say whether a finding is right: the fault at its place, or what is allowed there."""
        at = self.faults.get(where, frozenset()) | self.allowed.get(where, frozenset())
        return code in at

    def found_at_its_place(self, findings: Iterable[Finding]) -> bool:
        """Say whether the fault is among the findings, at one of its lines."""
        return any(one.code in self.faults.get(one.where, ()) for one in findings)

    def found_elsewhere(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return what has the fault's code and another place."""
        return [
            one
            for one in findings
            if one.code in self.codes and not self.may_have(one.code, one.where)
        ]

    def left_in(self, twin: "Script", findings: Iterable[Finding]) -> list[Finding]:
        """Return what has the fault's code in the twin, where it is mended."""
        return [
            one
            for one in findings
            if one.code in self.codes and not twin.may_have(one.code, one.where)
        ]

    def false_alarms(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the errors and warnings that are neither the fault nor allowed."""
        return [
            one
            for one in findings
            if one.severity != "note"
            and one.code not in self.codes
            and not self.may_have(one.code, one.where)
        ]


@dataclass(frozen=True)
class Pair:
    """A script with a fault, its mended twin, and the idioms that both are written in."""

    name: str
    idioms: tuple[str, ...]
    faulty: Script
    mended: Script


def read_pairs(folder: Path = CORPUS) -> list[Pair]:
    """Return all pairs of a corpus.

    Args:
        folder: holds a folder for each pair and ``idioms.toml``. Default: the corpus here.
    """
    idioms = tomllib.loads((folder / "idioms.toml").read_text(encoding="utf-8"))
    return [
        Pair(name, tuple(written), *(_read(folder / name, kind) for kind in ("faulty", "mended")))
        for name, written in idioms.items()
    ]


def _read(folder: Path, kind: str) -> Script:
    (file,) = folder.glob(f"{kind}.*")
    text = file.read_text(encoding="utf-8")
    marks: dict[str, str] = {}
    if file.suffix == ".ipynb":
        notebook = json.loads(text)
        for number, cell in enumerate(notebook["cells"], start=1):
            cell["source"] = list(_without(cell["source"], f"cell {number}, line", marks))
        bare = json.dumps(notebook)
    else:
        bare = "".join(_without(text.splitlines(keepends=True), "line", marks))
    said = {
        where: dict(re.findall(r"(fault|also): ([^;]+)", mark)) for where, mark in marks.items()
    }
    return Script(
        file.name,
        bare,
        {where: _codes(one["fault"], " or ") for where, one in said.items() if "fault" in one},
        {where: _codes(one["also"], ", ") for where, one in said.items() if "also" in one},
    )


def _without(lines: Sequence[str], where: str, marks: dict[str, str]) -> Iterator[str]:
    """Yield lines without their marks, and note the marks by place."""
    for number, line in enumerate(lines, start=1):
        bare = line.rstrip("\n")
        if mark := _MARK.search(bare):
            marks[f"{where} {number}"] = mark["said"]
            bare = bare[: mark.start()]
        yield bare + line[len(line.rstrip("\n")) :]


def _codes(said: str, between: str) -> frozenset[str]:
    return frozenset(code.strip() for code in said.split(between))


IMPORTS = """\
import os, numpy as np, pandas as pd, tensorflow as tf, keras
from keras import Sequential, Model, layers, losses, optimizers
from keras.applications import VGG16, ResNet50
from keras.applications.vgg16 import preprocess_input
from keras.callbacks import EarlyStopping, ModelCheckpoint, LearningRateScheduler
from keras.layers import BatchNormalization, Dense, Flatten, Input, Softmax
from keras.utils import image_dataset_from_directory as folder, to_categorical
from sklearn.model_selection import KFold, train_test_split
from tensorflow.keras.preprocessing.image import ImageDataGenerator
"""
NET = """\
def net(classes=3):
    base = VGG16(include_top=False, pooling='avg', input_shape=(224, 224, 3))
    base.trainable = False
    model = Sequential([base, Dense(classes, activation='softmax')])
    model.compile('adam', 'sparse_categorical_crossentropy')
    return model
"""
"""A network without a fault, where nothing is known of its images."""


def told(text: str) -> set[tuple[str, int]]:
    """Return the errors and warnings of a script, each with its line, behind the imports."""
    found = examine_script(read_script(IMPORTS + text, "train.py"))
    before = IMPORTS.count("\n")
    return {
        (one.code, int(one.where.removeprefix("line ")) - before)
        for one in found
        if one.severity != "note"
    }
