"""Each problem of a run is found where it is, and nowhere else."""

from dataclasses import replace

import pytest
from support.origins import images_used
from support.patients import (
    BLOCK,
    EVENLY,
    HEAD,
    answers_of,
    counts_of,
    epochs_of,
    healthy_recipe,
    healthy_run,
    inside_of,
    metrics_of,
    outcome_of,
    with_stage_2,
)

from vgg_transfer.doctor.runs import ENTRIES, examine_model, examine_run
from vgg_transfer.recipe.stage import PlateauPlan

CONSTANT = {"plan": {"kind": "constant"}, "keep": "best"}
FALLING = [1.0, 0.8, 0.7, 0.6, 0.5, 0.4]


def judged(table, sure=0.9, **changes):
    return healthy_run(table, sure, **changes)


def unsettled():
    """A head whose validation loss falls to the end, above blocks that open."""
    run = healthy_run()
    history = epochs_of(1, **HEAD | {"val_loss": FALLING}) + run.history[6:]
    return replace(run, history=history, stages=(outcome_of(1, "head", 6, 6), run.stages[1]))


def overfitted():
    rising = [0.30, 0.31, 0.33, 0.36, 0.4, 0.45, 0.5]
    return with_stage_2(
        loss=[0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01],
        val_loss=rising,
        accuracy=[0.9, 0.92, 0.95, 0.98, 0.99, 1.0, 1.0],
        val_accuracy=0.86,
    )


def small(images):
    return replace(healthy_run(), image_set=images_used(counts=counts_of(images)))


GIVEN_UP = [[100, 100, 0, 0]] * 4
PLANTED = {
    "diverged": with_stage_2(loss=[0.5, 1.0, 4.0, 9.0, 30.0]),
    "one-class": judged([[200, 0, 0, 0]] * 4, 0.3),
    "no-better-than-guessing": judged([[50, 50, 50, 50]] * 4, 0.26),
    "overfitting": overfitted(),
    "underfitting": with_stage_2(loss=1.2, accuracy=0.45, val_accuracy=0.5, val_loss=1.2),
    "oscillating": with_stage_2(val_accuracy=[0.9, 0.7, 0.9, 0.6, 0.9]),
    "slow": with_stage_2(loss=[1.38, 1.37, 1.36, 1.35, 1.34]),
    "least-rate": with_stage_2(
        outcome=outcome_of(2, "head + block5", 5, 1),
        recipe=healthy_recipe(stage_2={"plan": PlateauPlan(minimum=1e-6), "keep": "best"}),
        rate=1e-6,
    ),
    "switch-lost": with_stage_2(val_accuracy=0.7),
    "gain-not-shown": with_stage_2(val_accuracy=0.82),
    "unsettled-head": unsettled(),
    "last-is-best": with_stage_2(val_loss=FALLING[1:], recipe=healthy_recipe(stage_2=CONSTANT)),
    "waiting": with_stage_2(seconds=40.0, waiting_share=0.8),
    "unfinished": replace(
        healthy_run(), status="interrupted", judged_on="", judged=(), metrics=None
    ),
    "test-below-validation": judged(
        [[160, 14, 13, 13], [13, 160, 14, 13], [13, 13, 160, 14], [14, 13, 13, 160]], 0.8
    ),
    "no-recall": judged([[0, 70, 65, 65], [0, 200, 0, 0], [0, 0, 200, 0], [0, 0, 0, 200]], 0.75),
    "confused-pair": judged([[176, 24, 0, 0], [24, 176, 0, 0], [0, 0, 200, 0], [0, 0, 0, 200]]),
    "overconfident": judged(EVENLY, 0.99),
    "wide-interval": judged([[22, 1, 1, 1], [1, 22, 1, 1], [1, 1, 22, 1], [1, 1, 1, 22]]),
}
DEAD = {"block5_conv3": (300, 100, 512)}
SGD = {"optimizer": "sgd", "momentum": 0.9, "rate": 0.01}
RUN = healthy_run()
# A run, and what was measured in its model.
PLANTED_INSIDE = {
    "still-block": (RUN, inside_of(unchanged={"block4": 1.0, "block5": 0.999, "head": 0.0})),
    "moved-frozen": (RUN, inside_of(unchanged={"block4": 0.5, "block5": 0.0, "head": 0.0})),
    "dead-units": (RUN, inside_of(dead=DEAD)),
    "vanishing-gradients": (RUN, inside_of(gradients={"block5": (1e-9, 0.01)}, loss=1.3)),
    "exploding-gradients": (
        with_stage_2(recipe=healthy_recipe(stage_2=SGD)),
        inside_of(gradients={"block5": (5.0, 0.01)}),
    ),
}
# What a planted case brings with it, and rightly.
ALSO = {
    "diverged": set(),
    "one-class": {"test-below-validation"},
    "no-better-than-guessing": {"test-below-validation"},
    "underfitting": {"switch-lost"},
    "no-recall": {"test-below-validation"},
}


def codes(found):
    return [finding.code for finding in found]


def test_a_healthy_run_has_no_findings():
    assert examine_run(healthy_run()) == ()


def test_every_entry_has_a_planted_case():
    assert {*PLANTED, *PLANTED_INSIDE} == {entry.code for entry in ENTRIES}
    assert len(ENTRIES) == len(PLANTED) + len(PLANTED_INSIDE)


@pytest.mark.parametrize("code", PLANTED)
def test_each_problem_is_found_and_no_other(code):
    found = examine_run(PLANTED[code])
    (entry,) = [entry for entry in ENTRIES if entry.code == code]
    assert set(codes(found)) - ALSO.get(code, set()) == {code}
    assert [one.severity for one in found if one.code == code] == [entry.severity]
    assert all(finding.seen and finding.remedy for finding in found)


@pytest.mark.parametrize("code", PLANTED_INSIDE)
def test_each_problem_of_a_model_is_found_and_no_other(code):
    run, inside = PLANTED_INSIDE[code]
    (found,) = examine_model(run, inside)
    (entry,) = [entry for entry in ENTRIES if entry.code == code]
    assert (found.code, found.severity) == (code, entry.severity)
    assert examine_model(run, inside_of()) == ()


def test_where_the_loss_is_low_a_small_gradient_is_the_end_of_learning():
    assert examine_model(RUN, inside_of(gradients={"block5": (1e-9, 0.01)}, loss=0.1)) == ()


def test_a_gradient_that_is_no_number_explodes_with_any_optimizer():
    (found,) = examine_model(RUN, inside_of(gradients={"block5": (float("nan"), 0.01)}))
    assert (found.code, found.where) == ("exploding-gradients", "block5")


def test_units_that_were_dead_before_did_not_die():
    assert examine_model(RUN, inside_of(dead={"block5_conv3": (300, 290, 512)})) == ()


def test_few_images_do_not_show_that_a_unit_is_dead():
    assert examine_model(RUN, replace(inside_of(dead=DEAD), images=12)) == ()


def test_overfitting_says_when_it_began_and_what_was_kept():
    (found,) = examine_run(overfitted())
    assert found.where == "stage 2"
    assert found.seen.startswith(
        "from epoch 1 to 7 validation loss rose from 0.300 to 0.500 while training loss fell from "
        "0.400 to 0.010; accuracies are 14.0 points [10."
    )
    assert found.seen.endswith("apart; epoch 7 was kept")
    assert found.remedy.startswith("--set stage.2.epochs=1 --set head.dropout=0.5")


def test_a_gap_alone_is_no_overfitting():
    """Training images are always better known; five epochs in disorder are not a trend."""
    wavering = [0.3, 0.5, 0.4, 0.45, 0.35, 0.42]
    found = examine_run(with_stage_2(val_loss=wavering, accuracy=1.0, val_accuracy=0.86))
    assert "overfitting" not in codes(found)


def test_a_loss_that_is_no_number_is_said_as_it_was():
    run = healthy_run()
    ended = "the loss became nan in stage 2 (head + block5), epoch 1, step 3, at rate 1"
    failed = replace(
        run,
        status="failed",
        stages=(run.stages[0], outcome_of(2, "head + block5", 0, 0, ended)),
        history=run.history[:6],
        judged_on="",
        judged=(),
        metrics=None,
    )
    (found,) = examine_run(failed)
    assert (found.code, found.severity, found.where) == ("diverged", "error", "stage 2")
    assert found.seen == ended
    assert found.remedy == "--set stage.2.rate=3e-06"


def test_few_validation_images_prove_no_fall():
    """Ten points less on 40 images happen by chance."""
    run = with_stage_2(val_accuracy=0.7)
    few = replace(run, image_set=images_used(counts=counts_of({"val": 40})))
    assert "switch-lost" not in codes(examine_run(few))


def test_images_needed_follow_from_the_accuracy():
    """0.88 of 100: the middle of the interval is about 0.865, and 1.96² p(1-p) / 0.02² = 1,120."""
    (found,) = examine_run(PLANTED["wide-interval"])
    assert "accuracy 88.0% [80.2, 93.0] on 100 test images; about 1,1" in found.seen


def test_one_answer_that_the_labels_explain_is_no_collapse():
    """98 of 100 images are cats, and nearly all are said to be."""
    table = [[490, 0], [6, 4]]
    answers = answers_of(table)
    run = replace(healthy_run(table), judged=answers, metrics=metrics_of(answers, ("cat", "cow")))
    assert "one-class" not in codes(examine_run(run))


def test_the_worst_pair_of_classes_is_named():
    (found,) = examine_run(PLANTED["confused-pair"])
    assert found.seen == '48 mistakes between "cat" and "cow"; 16.0 would be theirs by chance'


def test_half_a_record_is_examined_as_far_as_it_goes():
    run = replace(healthy_run(), stages=(), history=(), judged=(), metrics=None, judged_on="")
    assert examine_run(run) == ()
    assert examine_run(replace(run, image_set=images_used())) == ()


def test_a_solved_head_is_not_asked_about_epochs():
    recipe = healthy_recipe(stage=[{"train": ["head"], "optimizer": "exact"}])
    solved = epochs_of(1, **{name: values[-1:] for name, values in BLOCK.items()})
    run = replace(
        healthy_run(),
        recipe=recipe,
        history=solved,
        stages=(outcome_of(1, "head", 1, 1, "solved"),),
    )
    assert examine_run(run) == ()
