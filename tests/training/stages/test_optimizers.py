"""The optimizers, driven by hand and compared with arithmetic or with Keras's own."""

import keras
import numpy as np
import pytest

from vgg_transfer.recipe import Stage
from vgg_transfer.training.stages.optimizers import OptimizerState, build_optimizer, state_after

NOTHING = OptimizerState()


def kernel(name, value=None):
    start = np.linspace(-1, 1, 6).reshape(2, 3) if value is None else value
    return keras.Variable(np.asarray(start, np.float32), name=name)


def gradients(steps, seed=0):
    return np.random.default_rng(seed).normal(size=(steps, 2, 3)).astype(np.float32)


def apply(optimizer, steps):
    """Take steps; each is a dict of variables and their gradients, or a list of such pairs."""
    for pairs in steps:
        optimizer.apply([gradient for _, gradient in pairs], [variable for variable, _ in pairs])


def stage(optimizer, rate=0.01, **settings):
    return Stage(train=("head", "block5"), optimizer=optimizer, rate=rate, **settings)


def test_a_step_of_sgd_is_rate_times_share_times_gradient():
    low, high = kernel("low"), kernel("high")
    start, (gradient, _) = low.numpy(), gradients(2)
    plan = stage("sgd", rate=0.5, momentum=0.0)
    optimizer = build_optimizer(plan, [low, high], [0.25, 1.0], NOTHING)
    apply(optimizer, [[(low, gradient), (high, gradient)]])
    np.testing.assert_allclose(low.numpy(), start - 0.5 * 0.25 * gradient, atol=1e-7)
    np.testing.assert_allclose(high.numpy(), start - 0.5 * gradient, atol=1e-7)


def test_a_changed_rate_keeps_the_shares():
    low, high = kernel("low"), kernel("high")
    start, gradient = low.numpy(), np.ones((2, 3), np.float32)
    plan = stage("sgd", rate=0.5, momentum=0.0)
    optimizer = build_optimizer(plan, [low, high], [0.25, 1.0], NOTHING)
    optimizer.learning_rate = 0.1
    apply(optimizer, [[(low, gradient), (high, gradient)]])
    np.testing.assert_allclose(low.numpy(), start - 0.025, atol=1e-7)
    np.testing.assert_allclose(high.numpy(), start - 0.1, atol=1e-7)


@pytest.mark.parametrize("name", ["adam", "rmsprop", "sgd"])
def test_with_a_share_of_one_it_is_the_optimizer_of_keras(name):
    ours, theirs = kernel("ours"), kernel("theirs")
    plain = {
        "adam": keras.optimizers.Adam(0.01),
        "rmsprop": keras.optimizers.RMSprop(0.01),
        "sgd": keras.optimizers.SGD(0.01, momentum=0.9),
    }[name]
    optimizer = build_optimizer(stage(name), [ours], [1.0], NOTHING)
    for gradient in gradients(10):
        optimizer.apply([gradient], [ours])
        plain.apply([gradient], [theirs])
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), atol=1e-7)


@pytest.mark.parametrize(
    ("epsilon", "step"),
    [
        # The first step divides by the root of a tenth of the square plus epsilon: of a gradient
        # of 1e-6 that is 1e-13, which Keras's 1e-7 drowns and 1e-16 leaves alone.
        (None, 1e-6 / (1e-13 + 1e-7) ** 0.5),
        (1e-16, 1e-6 / (1e-13 + 1e-16) ** 0.5),
    ],
)
def test_epsilon_decides_how_far_small_gradients_go(epsilon, step):
    moved, gradient = kernel("moved"), np.full((2, 3), 1e-6, np.float32)
    start = moved.numpy()
    optimizer = build_optimizer(
        stage("rmsprop", rate=0.1, epsilon=epsilon), [moved], [1.0], NOTHING
    )
    optimizer.apply([gradient], [moved])
    np.testing.assert_allclose(moved.numpy(), start - 0.1 * step, atol=1e-6)


def test_adamw_decays_kernels_by_their_own_rate_and_nothing_else():
    low, high = kernel("low"), kernel("high")
    bias = kernel("bias", [1.0, 2.0, 3.0])
    start, zero = low.numpy(), np.zeros((2, 3), np.float32)
    optimizer = build_optimizer(
        stage("adamw", rate=0.1, weight_decay=0.2), [low, high, bias], [0.5, 1.0, 1.0], NOTHING
    )
    apply(optimizer, [[(low, zero), (high, zero), (bias, zero[0])]])
    np.testing.assert_allclose(low.numpy(), start * (1 - 0.1 * 0.5 * 0.2), atol=1e-7)
    np.testing.assert_allclose(high.numpy(), start * (1 - 0.1 * 0.2), atol=1e-7)
    np.testing.assert_array_equal(bias.numpy(), [1.0, 2.0, 3.0])


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_a_kernel_is_pulled_to_where_the_stage_began(name):
    """The first step leads away; in the second, without a gradient, only the pull is left."""
    low, high = kernel("low"), kernel("high")
    bias = kernel("bias", [1.0, 2.0, 3.0])
    start, zero = low.numpy(), np.zeros((2, 3), np.float32)
    plan = stage(name, rate=0.1, pull=0.5)
    optimizer = build_optimizer(plan, [low, high, bias], [0.5, 1.0, 1.0], NOTHING)
    apply(optimizer, [[(low, zero), (high, zero), (bias, zero[0])]])
    for variable in (low, high):
        np.testing.assert_array_equal(variable.numpy(), start)  # nothing pulls where it began
        variable.assign(start + 2.0)
    bias.assign(bias + 2.0)
    apply(optimizer, [[(low, zero), (high, zero), (bias, zero[0])]])
    np.testing.assert_allclose(low.numpy(), start + 2.0 * (1 - 0.1 * 0.5 * 0.5), atol=1e-6)
    np.testing.assert_allclose(high.numpy(), start + 2.0 * (1 - 0.1 * 0.5), atol=1e-6)
    np.testing.assert_array_equal(bias.numpy(), [3.0, 4.0, 5.0])


def test_pull_and_decay_and_gradient_begin_at_the_same_place():
    moved = kernel("moved")
    start, gradient = moved.numpy(), np.ones((2, 3), np.float32)
    plan = stage("sgd", rate=0.5, momentum=0.0, weight_decay=0.2, pull=0.3)
    optimizer = build_optimizer(plan, [moved], [1.0], NOTHING)
    moved.assign(start + 1.0)
    apply(optimizer, [[(moved, gradient)]])
    expected = (start + 1.0) - 0.5 * (gradient + 0.2 * (start + 1.0) + 0.3 * 1.0)
    np.testing.assert_allclose(moved.numpy(), expected, atol=1e-6)


def test_a_later_stage_is_pulled_to_its_own_beginning():
    moved, zero = kernel("moved"), np.zeros((2, 3), np.float32)
    plan = stage("adam", pull=0.5)
    first = build_optimizer(plan, [moved], [1.0], NOTHING)
    apply(first, [[(moved, zero)]])
    moved.assign(moved + 1.0)
    second = build_optimizer(plan, [moved], [1.0], state_after(plan, first, [moved], NOTHING))
    began = moved.numpy()
    apply(second, [[(moved, zero)]])
    np.testing.assert_array_equal(moved.numpy(), began)


def test_the_default_decay_of_adamw_is_that_of_keras_and_adam_decays_nothing():
    ours, theirs, adam, plain = (kernel(name) for name in ("ours", "theirs", "adam", "plain"))
    pairs = [
        (build_optimizer(stage("adamw"), [ours], [1.0], NOTHING), ours),
        (keras.optimizers.AdamW(0.01, weight_decay=0.004), theirs),
        (build_optimizer(stage("adam"), [adam], [1.0], NOTHING), adam),
        (keras.optimizers.Adam(0.01), plain),
    ]
    for gradient in gradients(10):
        for optimizer, variable in pairs:
            optimizer.apply([gradient], [variable])
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), atol=1e-7)
    np.testing.assert_allclose(adam.numpy(), plain.numpy(), atol=1e-7)
    assert not np.allclose(ours.numpy(), adam.numpy(), atol=1e-6)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "sgd"])
def test_stages_in_a_row_equal_one_stage_of_all_their_steps(name):
    staged, whole = kernel("variable"), kernel("whole")
    uninterrupted = build_optimizer(stage(name), [whole], [1.0], NOTHING)
    carried = NOTHING
    for part in np.split(gradients(12), [5, 6]):
        optimizer = build_optimizer(stage(name), [staged], [1.0], carried)
        for gradient in part:
            optimizer.apply([gradient], [staged])
            uninterrupted.apply([gradient], [whole])
        carried = state_after(stage(name), optimizer, [staged], carried)
    np.testing.assert_allclose(staged.numpy(), whole.numpy(), atol=1e-6)
    assert carried.steps == {"variable": 12}


def test_adam_keeps_its_state_and_bias_correction_from_stage_to_stage():
    """Against plain Keras, uninterrupted; a fresh Adam in the second stage is clearly elsewhere."""
    staged, plain, forgetful = (kernel(name) for name in ("variable", "plain", "forgetful"))
    first, second = np.split(gradients(20), 2)
    uninterrupted = keras.optimizers.Adam(0.01)
    carried = NOTHING
    for part in (first, second):
        optimizer = build_optimizer(stage("adam"), [staged], [1.0], carried)
        fresh = build_optimizer(stage("adam"), [forgetful], [1.0], NOTHING)
        for gradient in part:
            optimizer.apply([gradient], [staged])
            fresh.apply([gradient], [forgetful])
            uninterrupted.apply([gradient], [plain])
        carried = state_after(stage("adam"), optimizer, [staged], carried)
    np.testing.assert_allclose(staged.numpy(), plain.numpy(), atol=1e-6)
    assert np.abs(forgetful.numpy() - plain.numpy()).max() > 1e-3


def test_a_newly_opened_variable_starts_afresh_while_an_old_one_keeps_its_state():
    old, new, plain_old, plain_new = (kernel(n) for n in ("old", "new", "plain_old", "plain_new"))
    first, second = np.split(gradients(16), 2)
    opened = gradients(8, seed=1)
    own = build_optimizer(stage("adam"), [old], [1.0], NOTHING)
    apply(own, [[(old, gradient)] for gradient in first])
    carried = state_after(stage("adam"), own, [old], NOTHING)
    # Keras may hand variables over in another order than before: paths decide, not places.
    both = build_optimizer(stage("adam"), [new, old], [1.0, 1.0], carried)
    apply(both, [[(new, a), (old, b)] for a, b in zip(opened, second, strict=True)])
    uninterrupted, fresh = keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01)
    apply(uninterrupted, [[(plain_old, gradient)] for gradient in (*first, *second)])
    apply(fresh, [[(plain_new, gradient)] for gradient in opened])
    np.testing.assert_allclose(old.numpy(), plain_old.numpy(), atol=1e-6)
    np.testing.assert_allclose(new.numpy(), plain_new.numpy(), atol=1e-6)
    assert state_after(stage("adam"), both, [new, old], carried).steps == {"old": 16, "new": 8}


def test_a_variable_that_is_frozen_for_a_stage_keeps_its_state():
    resting, always, plain = kernel("resting"), kernel("always"), kernel("plain")
    first, second = np.split(gradients(16), 2)
    carried = NOTHING
    for opened, part in (
        ([resting, always], first),
        ([always], first),
        ([resting, always], second),
    ):
        optimizer = build_optimizer(stage("adam"), opened, [1.0] * len(opened), carried)
        apply(optimizer, [[(variable, gradient) for variable in opened] for gradient in part])
        carried = state_after(stage("adam"), optimizer, opened, carried)
    uninterrupted = keras.optimizers.Adam(0.01)
    apply(uninterrupted, [[(plain, gradient)] for gradient in (*first, *second)])
    np.testing.assert_allclose(resting.numpy(), plain.numpy(), atol=1e-6)
    assert carried.steps == {"resting": 16, "always": 24}


def test_adam_and_adamw_share_their_state_and_other_optimizers_do_not():
    variable = kernel("variable")
    adam = build_optimizer(stage("adam"), [variable], [1.0], NOTHING)
    apply(adam, [[(variable, gradient)] for gradient in gradients(5)])
    carried = state_after(stage("adam"), adam, [variable], NOTHING)
    assert carried.kind == "adam"
    same = build_optimizer(stage("adamw"), [variable], [1.0], carried)
    slots = {slot.path: slot.numpy() for slot in same.variables if slot.path in carried.slots}
    assert len(slots) == 2
    assert all(np.any(slot) for slot in slots.values())
    other = build_optimizer(stage("sgd"), [variable], [1.0], carried)
    assert not np.any(other.variables[-1].numpy())
    assert state_after(stage("sgd"), other, [variable], carried).steps == {"variable": 0}


def test_a_new_stage_has_its_own_rate_and_counts_its_own_steps():
    variable = kernel("variable")
    adam = build_optimizer(stage("adam", rate=0.5), [variable], [1.0], NOTHING)
    apply(adam, [[(variable, gradient)] for gradient in gradients(5)])
    carried = state_after(stage("adam", rate=0.5), adam, [variable], NOTHING)
    later = build_optimizer(stage("adam", rate=0.125), [variable], [1.0], carried)
    assert float(later.learning_rate) == 0.125
    assert int(later.iterations) == 0
