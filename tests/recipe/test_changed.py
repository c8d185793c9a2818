"""``recipe.changed``: single settings, whole parts, stages, and every fault at once."""

import inspect

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Augmentation, Head, Recipe, Stage, Stopping, named, names, override
from vgg_transfer.recipe.catalogue import registry
from vgg_transfer.recipe.catalogue.augmentation_registry import strong
from vgg_transfer.recipe.stage import CosinePlan, PlateauPlan


def error_of(part: Recipe | Stage, **changes: object) -> list[str]:
    """Return the lines of the error that these changes cause."""
    with pytest.raises(RecipeError) as caught:
        part.changed(**changes)
    return str(caught.value).splitlines()


def test_it_changes_what_is_named_as_set_does() -> None:
    before = named("staged")
    after = before.changed(size=96, stage_2={"rate": 1e-5}, head={"dense": (8,), "dropout": 0.5})
    settings = ["size=96", "stage.2.rate=1e-5", "head.dense=[8]", "head.dropout=0.5"]
    assert after == override(before, settings)
    assert (after.stage[1].rate, after.stage[2]) == (1e-5, before.stage[2])
    assert before == named("staged")


def test_nothing_to_change_gives_the_same() -> None:
    recipe = named("staged")
    assert recipe.changed() is recipe


def test_whole_parts_take_the_place_of_what_was_there() -> None:
    stage = Stage(train=("head",), epochs=3)
    recipe = named("staged").changed(head=Head(), augmentation=Augmentation(), stage=(stage, stage))
    assert (recipe.head, recipe.augmentation, recipe.stage) == (
        Head(),
        Augmentation(),
        (stage, stage),
    )
    assert recipe.changed(stage_2=Stage(train=("block5",))).stage == (
        stage,
        Stage(train=("block5",)),
    )


def test_a_stage_may_be_changed_among_new_ones_whatever_the_order() -> None:
    stage = Stage(train=("head",))
    recipe = named("staged").changed(stage_1={"epochs": 2}, stage=(stage,))
    assert recipe.stage == (stage.changed(epochs=2),)


@pytest.mark.parametrize("place", ["recipe", "stage"])
def test_an_augmentation_is_chosen_by_name(place: str) -> None:
    given = {"augmentation": "strong"}
    recipe = named("staged").changed(**(given if place == "recipe" else {"stage_1": given}))
    assert (recipe if place == "recipe" else recipe.stage[0]).augmentation == strong()


def test_a_part_that_was_left_out_is_made_and_one_is_taken_away() -> None:
    stage = Stage(train=("head",))
    stopping = stage.changed(stopping={"patience": 4})
    assert stopping.stopping == Stopping(patience=4)
    assert stage.changed(stopping={}).stopping == Stopping()
    assert stopping.changed(stopping=None) == stage


def test_another_kind_of_rate_plan_starts_from_its_own_defaults() -> None:
    stage = Stage(train=("head",), plan=PlateauPlan(patience=2))
    assert stage.changed(plan={"final": 0.1, "kind": "cosine"}).plan == CosinePlan(final=0.1)
    assert stage.changed(plan={"factor": 0.5}).plan == PlateauPlan(patience=2, factor=0.5)


def test_all_faults_are_reported_at_once_with_the_nearest_names() -> None:
    faults = error_of(
        named("staged"), siez=96, size="ninety", stage_4={"rate": 1.0}, head={"dropot": 0.5}
    )
    assert faults == [
        "the changed Recipe has 4 faults:",
        "  stage_4: there is no stage 4; this recipe has stages 1 to 3",
        '  size: input should be a valid integer; received "ninety"',
        '  head.dropot: unknown key. Did you mean "dropout"?',
        '  siez: unknown key. Did you mean "size"?',
    ]
    assert error_of(named("staged"), augmentation="strng")[1] == (
        '  augmentation: no augmentation is called "strng". Did you mean "strong"? '
        "See them all with: vgg-transfer recipes --augmentations"
    )


def test_what_does_not_fit_together_is_refused_as_in_a_file() -> None:
    assert error_of(named("staged"), size=16) == [
        "the changed Recipe has 1 fault:",
        "  size = 16 is too small for 5 blocks, each of which halves the image: use at least 32",
    ]
    assert error_of(Stage(train=("head",)), momentum=0.9) == [
        "the changed Stage has 1 fault:",
        '  optimizer = "adam" has no momentum: leave it out',
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"size": {"x": 1}},
            '  size: "size" is a single value, nothing lies below it',
        ),
        ({"stage_1": "head"}, "  stage_1 names a whole stage; name a setting of it"),
        ({"stage_last": {"rate": 1.0}}, "  stage_last: there is no stage last; this recipe has "),
        ({"head": 5}, "  head: input should be a valid dictionary or instance of Head; received 5"),
    ],
)
def test_a_change_without_a_place_says_why(changes: dict[str, object], fault: str) -> None:
    (line,) = error_of(named("staged"), **changes)[1:]
    assert line.startswith(fault)


def test_copying_with_unchecked_changes_is_refused() -> None:
    with pytest.raises(RecipeError) as caught:
        named("staged").model_copy(update={"siez": 96})
    assert str(caught.value) == (
        "model_copy(update=...) would not check siez: use changed(siez=...), which does"
    )
    assert named("staged").model_copy() == named("staged")


@pytest.mark.parametrize("name", names())
def test_every_named_recipe_takes_changes_beside_its_own_arguments(name: str) -> None:
    function = getattr(registry, name.replace("-", "_"))
    assert function(batch_size=7) == named(name).changed(batch_size=7)
    assert inspect.signature(function).parameters["changes"].kind is inspect.Parameter.VAR_KEYWORD


def test_a_schedule_takes_its_arguments_and_changes() -> None:
    recipe = registry.staged(unfreeze=1, size=96)
    assert (len(recipe.stage), recipe.size) == (2, 96)
