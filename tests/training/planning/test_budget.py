"""Which recipe is chosen for a time, what is said of it, and what is said where it is late."""

import time

import pytest
from support.exact_first import EXACT_FIRST
from support.heard import Heard

from vgg_transfer.errors import TrainingError
from vgg_transfer.events import StageEnded
from vgg_transfer.network import build_network
from vgg_transfer.recipe import from_toml
from vgg_transfer.run import StageOutcome
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import choose_device
from vgg_transfer.training.planning import budget
from vgg_transfer.training.planning.budget import fit_to_minutes, largest_that_fits
from vgg_transfer.training.planning.smaller import smaller_recipes, views_of
from vgg_transfer.training.planning.speed import Speed


def seconds(recipe):
    """Take 20 s for the head, 100 s for a view, 20 s for an epoch, and 20 s for the verdict."""
    *_, last = recipe.stage
    if last.optimizer == "exact":
        return 20.0, 20.0
    return 20.0, 100.0 * views_of(recipe, last) + 20.0 * last.epochs, 20.0


def fitted_to(minutes, spent=0.0):
    candidates = smaller_recipes(from_toml(EXACT_FIRST), stores=True)
    return largest_that_fits(candidates, seconds, minutes, spent)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        # 540 s are used of at most 85% of the time: 635 s.
        (10.6, "10.6 min: nothing is left out: about 9 min"),
        (10.5, "10.5 min: 3 views instead of 4: about 7 min"),
        (7, "7 min: 2 views instead of 4: about 6 min"),
        (6.5, "6.5 min: 2 views instead of 4, 4 epochs instead of 5: about 5 min"),
        (4, "4 min: 1 view instead of 4, 1 epoch instead of 5: about 3 min"),
        (1.6, "1.6 min: plain images instead of 4 views, 1 epoch instead of 5: about 60 s"),
        (0.8, "0.8 min: block5 stays frozen: about 40 s"),
    ],
)
def test_the_largest_plan_that_fits_is_taken_and_said(minutes, said):
    assert fitted_to(minutes).said == said


def test_what_fits_is_left_as_it_is():
    assert fitted_to(20).recipe == from_toml(EXACT_FIRST)


def test_a_fitted_recipe_describes_itself():
    recipe = fitted_to(7).recipe
    assert recipe.name == "exact first"
    assert recipe.description == "exact first fitted to 7 min: 2 views instead of 4"
    assert recipe.stage[1].views == 2


def test_what_was_spent_before_counts():
    # 340 s fit into 85% of 7 minutes less 20 s, 340 s; not of 7 minutes less a minute.
    assert fitted_to(7, spent=20).said == "7 min: 2 views instead of 4: about 6 min"
    assert fitted_to(7, spent=60).recipe.stage[1].epochs == 3


def test_too_little_time_is_refused_with_the_least_that_is_needed():
    with pytest.raises(TrainingError) as caught:
        fitted_to(0.5, spent=6)
    # 6 s are gone, and 40 s are 85% of 47 s: 53 s, which are 0.9 minutes.
    assert str(caught.value) == (
        "0.5 min are not enough: the least that these images need is about 46 s. Give --minutes "
        "0.9 or more, or train on smaller images (--size) or fewer of them"
    )
    assert fitted_to(0.9, spent=6).left_out == "block5 stays frozen"


def test_a_stage_that_is_late_is_told_with_the_end_to_expect(images, tmp_path, monkeypatch):
    text = EXACT_FIRST.replace("block5", "block2")
    recipe = from_toml('size = 16\nbase = { weights = "none", blocks = 2, width = 0.05 }\n' + text)
    blocks = {"block1": 0.0, "block2": 0.0, "head": 0.0}
    monkeypatch.setattr(budget, "measure_speed", lambda *_: Speed(blocks, 0.0, 0.0))
    heard = Heard()
    network = build_network(recipe, 2, None, 0)
    context = Context(network, images, choose_device("fp32"), 0, heard, None, tmp_path / "cache")
    context, fitted = fit_to_minutes(context, 3, time.perf_counter())
    assert fitted.left_out == ""
    assert heard.lines == [fitted.said]

    def ends(stage, took):
        outcome = StageOutcome(stage, "head", 1, 1, "val_loss", 0.5, "solved", took)
        context.listen(StageEnded(outcome))

    ends(1, 4.0)  # late, but not for more than a moment
    assert heard.lines == [fitted.said]
    ends(2, 70.0)  # its graphs are expected to take 4 s
    assert heard.lines[1:] == [
        "stage 2 took 1 min 10 s instead of about 4 s: the training will take about 3 s of 3 min"
    ]
    assert len(heard.outcomes) == 2
