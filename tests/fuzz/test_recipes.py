"""Recipe files and settings that went wrong: a recipe, or one error that says all."""

import tomllib

import pytest
import tomli_w
from hypothesis import strategies as st
from support.mutated import NUMBERS, TEXTS, places, raw, structure, tried

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Recipe, from_toml, named, names, override, read, to_toml

LONGEST = 20_000  # letters of an error
# TOML has no null, and no whole number of more than 64 bits; those come as text.
LEAVES = TEXTS | NUMBERS | st.booleans()
TOML_VALUES = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(TEXTS, LEAVES, max_size=2)


def check_message(error: RecipeError) -> None:
    assert 10 < len(str(error)) < LONGEST
    assert str(error).replace("\n", "").isprintable()


def check_usable(recipe: Recipe) -> None:
    """A recipe that is taken is taken again as it is written, and can be shown."""
    assert from_toml(to_toml(recipe)) == recipe
    assert all(finding.sentence for finding in recipe.findings)


def toml_of(table: dict) -> bytes:
    return tomli_w.dumps(table).encode("utf-8", "surrogatepass")


@st.composite
def files(draw) -> bytes:
    text = to_toml(named(draw(st.sampled_from(names()))))
    if draw(st.booleans()):
        return draw(raw(text.encode()))
    return toml_of(draw(structure(tomllib.loads(text), TOML_VALUES)))


@st.composite
def settings(draw) -> tuple[str, list[str]]:
    name = draw(st.sampled_from(names()))
    every = list(places(tomllib.loads(to_toml(named(name)))))
    given = []
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(every))
        # Stages count from 1; now and then a part is another one, or one too many.
        keys = [str(part + 1) if isinstance(part, int) else part for part in path]
        if draw(st.integers(0, 4)) == 0:
            keys.insert(draw(st.integers(0, len(keys))), draw(TEXTS))
        value = draw(TOML_VALUES.map(str) | raw(b'{ kind = "cosine", rate = 1e-4 }').map(decoded))
        given.append(f"{'.'.join(keys)}={value}")
    return name, given


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("inputs", [150, pytest.param(700, marks=pytest.mark.slow)])
def test_files(inputs, tmp_path):
    file = tmp_path / "recipe.toml"

    def door(data: bytes) -> None:
        file.write_bytes(data)
        try:
            recipe = read(file)
        except RecipeError as error:
            check_message(error)
        else:
            check_usable(recipe)

    tried(inputs, files(), door, tmp_path)


@pytest.mark.parametrize("inputs", [100, pytest.param(600, marks=pytest.mark.slow)])
def test_settings(inputs, tmp_path):
    def door(given: tuple[str, list[str]]) -> None:
        name, changed = given
        try:
            recipe = override(named(name), changed)
        except RecipeError as error:
            check_message(error)
        else:
            check_usable(recipe)

    tried(inputs, settings(), door)
