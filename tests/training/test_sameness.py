"""A training goes on with what it began with, or not at all: every difference is named."""

import json
import shutil
from dataclasses import replace

import keras
import pytest
from support.killed import Killed, KilledAt

from vgg_transfer.errors import RunError
from vgg_transfer.images import load_images
from vgg_transfer.run import read
from vgg_transfer.training import resume, train

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def data(tiny_folder, tmp_path):
    return shutil.copytree(tiny_folder, tmp_path / "data")


@pytest.fixture
def killed(tiny_recipe, data, tmp_path):
    """A training that was killed after its first epoch, beside its images."""
    (stage,) = tiny_recipe.stage
    recipe = tiny_recipe.changed(stage=(stage.changed(epochs=3),))
    with pytest.raises(Killed):
        train(recipe, load_images(data), tmp_path / "run", listen=KilledAt(3))
    return tmp_path / "run"


def refused(folder):
    """Return the differences that are named."""
    with pytest.raises(RunError) as caught:
        resume(folder)
    first, *listed, last = str(caught.value).splitlines()
    assert first == f'the run "{folder}" cannot go on as it began:'
    assert last == "Put back what differs, or train again"
    return [line.strip() for line in listed]


def with_facts(folder, change):
    file = folder / "run.json"
    facts = json.loads(file.read_text())
    change(facts)
    file.write_text(json.dumps(facts))


def test_an_image_that_was_changed_or_is_gone_is_named(killed, data):
    changed, gone = data / "blue" / "00.png", data / "red" / "03.png"
    changed.write_bytes((data / "blue" / "01.png").read_bytes())
    gone.unlink()
    assert refused(killed) == [
        f'the image "{changed}" was changed',
        f'the image "{gone}" cannot be read: No such file or directory',
    ]
    assert read(killed).status == "running"  # it can go on once they are back


def test_of_many_images_ten_are_named(killed, data):
    shutil.rmtree(data / "red")
    *named, last = refused(killed)
    assert len(named) == 10
    assert last == "and 2 more images changed or cannot be read"


def test_images_that_come_later_are_none_of_its_own(killed, data):
    shutil.copy(data / "blue" / "00.png", data / "blue" / "more.png")
    assert resume(killed).status == "complete"


def test_a_list_of_images_that_was_edited_is_named(killed):
    file = killed / "images.csv"
    file.write_text(file.read_text().replace(",train,blue,", ",val,blue,", 1))
    assert refused(killed) == ["images.csv is not the list of images that it began with"]


def test_a_recipe_that_was_edited_is_named(killed):
    file = killed / "recipe.toml"
    file.write_text(file.read_text().replace("epochs = 3", "epochs = 5"))
    assert refused(killed) == ["recipe.toml was changed"]


def test_packages_of_other_versions_are_named(killed):
    def change(facts):
        packages = facts["environment"]["packages"]
        packages["keras"] = "2.0"
        packages["openvino"] = "1\x1b[31m"
        del packages["pillow"]

    with_facts(killed, change)
    keras_line, openvino, pillow = refused(killed)
    assert keras_line == f"the package keras was 2.0 and is {keras.__version__}"
    assert openvino == r"the package openvino was 1\x1b[31m and is none"
    assert pillow.startswith("the package pillow was none and is ")


def test_other_starting_weights_are_named(killed):
    with_facts(killed, lambda facts: facts["weights"].update(digest="another"))
    assert refused(killed) == ["the starting weights are others (drawn at random)"]


def test_all_differences_are_named_at_once(killed, data):
    (data / "blue" / "00.png").unlink()
    with (killed / "recipe.toml").open("a") as file:
        file.write("\n# a remark changes nothing\n")
    with_facts(killed, lambda facts: facts.update(begun=facts["begun"] | {"recipe": "another"}))
    with_facts(killed, lambda facts: facts["weights"].update(digest="another"))
    assert [line.split()[0:2] for line in refused(killed)] == [
        ["the", "image"],
        ["recipe.toml", "was"],
        ["the", "starting"],
    ]


def test_a_run_that_is_given_as_a_value_is_checked_as_well(killed):
    run = read(killed)
    with pytest.raises(RunError, match=r"recipe\.toml was changed"):
        resume(replace(run, recipe=run.recipe.changed(batch_size=4)))
