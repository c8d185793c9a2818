"""Scripts and notebooks that went wrong: findings, or one error that says why."""

import json

import pytest
from hypothesis import strategies as st
from support.mutated import as_json, raw, tried

from vgg_transfer.doctor.scripts import examine_script, read_script, recipe_of
from vgg_transfer.errors import RecipeError, ScriptError
from vgg_transfer.recipe import from_toml, to_toml

SCRIPT = """\
from functools import partial
import numpy as np
from tensorflow.keras import layers, Model, Sequential
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.preprocessing.image import ImageDataGenerator
SIZE = (224, 224)
flow = partial(ImageDataGenerator(rescale=1 / 255).flow_from_directory, target_size=SIZE)
train, val = [flow(f"d/{part}") for part in ("train", "val")]
class Config:
    rate = 1e-3
def build(n, units=(64, 32)):
    base = VGG16(include_top=False, input_shape=SIZE + (3,))
    for layer in base.layers[:-4]:
        layer.trainable = False
    x = layers.Flatten()(base.output)
    for unit in units:
        x = layers.Dense(unit, activation="relu")(x)
    return Model(base.input, layers.Dense(n, "softmax")(x))
model = build(n=5)
model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=9, callbacks=[EarlyStopping(patience=3)])
print(np.mean(model.predict(val).argmax(1) == val.classes))
"""
CELLS = [{"cell_type": "code", "source": SCRIPT.splitlines(keepends=True)}]
NOTEBOOK = {"cells": CELLS, "nbformat": 4, "metadata": {}}
LONGEST = 20_000  # letters of an error


@st.composite
def files(draw) -> tuple[bytes, str]:
    if draw(st.booleans()):
        return draw(raw(SCRIPT.encode())), "a.py"
    if draw(st.booleans()):
        return draw(as_json(NOTEBOOK)), "a.ipynb"
    return draw(raw(json.dumps(NOTEBOOK).encode())), "a.ipynb"


def check_message(error: Exception) -> None:
    assert 10 < len(str(error)) < LONGEST
    assert str(error).replace("\n", "").isprintable()


@pytest.mark.parametrize("inputs", [150, pytest.param(700, marks=pytest.mark.slow)])
def test_scripts(inputs, tmp_path):
    def door(given: tuple[bytes, str]) -> None:
        try:
            story = read_script(*given)
        except ScriptError as error:
            check_message(error)
            return
        assert not [why for _, why in story.unread if "could not be followed" in why]
        assert all(one.sentence.isprintable() for one in examine_script(story))
        try:
            recipe = recipe_of(story).written
        except RecipeError as error:
            check_message(error)
        else:
            assert from_toml(to_toml(recipe)) == recipe

    tried(inputs, files(), door, tmp_path)
