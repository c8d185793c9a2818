"""Augmentations by name and in numbers: in TOML, with ``--set``, in words."""

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import (
    Augmentation,
    Stage,
    augmentation_names,
    from_toml,
    named,
    named_augmentation,
    override,
    to_toml,
)
from vgg_transfer.recipe.catalogue.augmentation_registry import (
    augmentation_purpose,
    standard,
    strong,
)

HEAD_STAGE = '[[stage]]\ntrain = ["head"]\n'
UNKNOWN = (
    'no augmentation is called "strng". Did you mean "strong"? '
    "See them all with: vgg-transfer recipes --augmentations"
)


def test_the_sets_begin_with_none_and_all_differ() -> None:
    names = augmentation_names()
    assert names[0] == "none"
    assert {"light", "standard", "strong", "cifar", "generator-photos"} <= set(names)
    sets = [named_augmentation(name) for name in names]
    assert all(one != other for k, one in enumerate(sets) for other in sets[:k])
    assert [name for name in names if named_augmentation(name).changes_nothing] == ["none"]


@pytest.mark.parametrize("name", augmentation_names())
def test_a_set_says_what_it_is_for_in_one_sentence(name: str) -> None:
    purpose = augmentation_purpose(name)
    assert purpose.endswith(".")
    assert ": " in purpose


def test_the_default_schedules_use_the_standard_set_and_the_texts_their_own() -> None:
    assert named("staged").augmentation == named_augmentation("standard")
    assert named("generator-augmentation").augmentation == named_augmentation("generator-photos")
    assert named("dog-cat-augmented").augmentation == named_augmentation("generator-photos")
    assert named("cifar-augmented").augmentation == named_augmentation("generator-cifar")


def test_the_texts_own_numbers() -> None:
    """``ImageDataGenerator(rotation_range=20, width_shift_range=0.2, …)`` and its smaller kin."""
    shared = {"shear": 0.2, "zoom": 0.2, "flip": "horizontal", "fill": "nearest"}
    assert named_augmentation("generator-photos") == Augmentation(rotation=20, shift=0.2, **shared)
    assert named_augmentation("generator-cifar") == Augmentation(rotation=15, shift=0.1, **shared)


def test_cifar_is_a_random_crop_from_four_more_pixels_and_a_flip() -> None:
    assert named_augmentation("cifar") == Augmentation(crop_padding=4, flip="horizontal")


def test_no_set_mixes_images_so_that_all_go_with_class_weights() -> None:
    for name in augmentation_names():
        override(named("streaming-weighted"), [f"augmentation={name}"])


def test_an_unknown_name_gets_the_near_miss() -> None:
    for ask in (named_augmentation, augmentation_purpose):
        with pytest.raises(RecipeError) as caught:
            ask("strng")
        assert str(caught.value) == UNKNOWN
    with pytest.raises(RecipeError, match=r'called "albumentations"\. See them'):
        named_augmentation("albumentations")


def test_a_recipe_and_a_stage_take_a_name_and_write_numbers() -> None:
    stage = '[[stage]]\ntrain = ["head"]\naugmentation = "none"\n'
    recipe = from_toml(f'augmentation = "strong"\n{HEAD_STAGE}{stage}')
    assert recipe.augmentation == strong()
    assert [one.augmentation for one in recipe.stage] == [None, Augmentation()]
    written = to_toml(recipe)
    assert '"strong"' not in written
    assert "rand_augment = 0.5" in written.splitlines()
    assert from_toml(written) == recipe


def test_a_name_is_understood_in_python_too() -> None:
    stage = Stage.model_validate({"train": ("head",), "augmentation": "standard"})
    assert stage.augmentation == standard()


def test_unknown_names_in_a_file_are_reported_together_with_other_faults() -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml(
            'augmentation = "strng"\nsise = 3\n'
            '[[stage]]\ntrain = ["head"]\naugmentation = "strng"\n'
        )
    assert str(caught.value).splitlines() == [
        "the recipe has 3 faults:",
        f"  augmentation: {UNKNOWN}",
        f"  stage.1.augmentation: {UNKNOWN}",
        '  sise: unknown key. Did you mean "size"?',
    ]


def test_a_setting_names_a_set_or_changes_one_number() -> None:
    before = named("staged")
    turned = before.augmentation.changed(rotation=20.0)
    assert override(before, ["augmentation.rotation=20"]).augmentation == turned
    assert override(before, ["augmentation=strong"]).augmentation == strong()
    assert override(before, ['augmentation="none"']).augmentation == Augmentation()
    stages = override(before, ["stage.2.augmentation=strong"]).stage
    assert [stage.augmentation for stage in stages] == [None, strong(), None]


@pytest.mark.parametrize("place", ["", "stage.1."])
def test_a_number_changes_the_named_set_whatever_the_order(place: str) -> None:
    settings = [f"{place}augmentation.zoom=0.4", f"{place}augmentation=strong"]
    recipe = override(named("plateau"), settings)
    found = recipe.stage[0].augmentation if place else recipe.augmentation
    assert found == strong().changed(zoom=0.4)


def test_an_unknown_name_in_a_setting_is_named_with_it() -> None:
    with pytest.raises(RecipeError) as caught:
        override(named("staged"), ["augmentation=strng", "augmentation.zoom=0.4", "size"])
    assert str(caught.value).splitlines() == [
        f'--set "augmentation=strng": {UNKNOWN}',
        '--set "size" is not KEY=VALUE; write for example --set stage.1.rate=1e-5',
    ]


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("grayscale = 1.5", "grayscale: input should be less than or equal to 1; received 1.5"),
        ("blur = 11", "blur: input should be less than or equal to 10; received 11"),
        ("blur = nan", "blur: input should be less than or equal to 10; received NaN"),
        ("rand_augment = -1", "rand_augment: input should be greater than or equal to 0; "),
        (
            "rand_augment_operations = 0",
            "rand_augment_operations: input should be greater than or equal to 1; received 0",
        ),
        ("gray = 0.1", 'gray: unknown key. Did you mean "grayscale"?'),
    ],
)
def test_a_number_out_of_bounds_is_named(setting: str, fault: str) -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml(f"[augmentation]\n{setting}\n{HEAD_STAGE}")
    assert f"  augmentation.{fault}" in str(caught.value)


def test_what_has_no_effect_makes_no_other_view() -> None:
    """Two equal ``of_one_image`` share stored views, so what changes nothing must not part them."""
    idle = Augmentation(fill="black", rand_augment_operations=5, mixup=0.3, cutmix=0.3)
    assert idle.changes_nothing
    assert idle.of_one_image == Augmentation()
    busy = Augmentation(rand_augment=0.1, fill="black", rand_augment_operations=5)
    assert busy.of_one_image == busy


@pytest.mark.parametrize(
    ("augmentation", "words"),
    [
        (Augmentation(), ("nothing is changed",)),
        (
            standard(),
            (
                "mirrored",
                "rotation ±10°",
                "shift ±5%",
                "zoom ±10%",
                "borders: nearest",
                "brightness ±10%",
                "contrast ±10%",
            ),
        ),
        (Augmentation(flip="both", hue=0.05), ("mirrored and upside down", "hue ±18°")),
        (
            Augmentation(rand_augment=0.5, rand_augment_operations=1, fill="black"),
            ("1 random operation at strength 0.5", "borders: black"),
        ),
        (
            Augmentation(grayscale=0.1, blur=1.5, erasing=0.25, mixup=0.2, cutmix=1.0),
            (
                "10% in grey",
                "blur up to 1.5 pixels",
                "a patch erased from 25%",
                "mixup 0.2",
                "cutmix 1",
            ),
        ),
    ],
)
def test_it_is_said_in_words(augmentation: Augmentation, words: tuple[str, ...]) -> None:
    assert augmentation.in_words == words


@pytest.mark.parametrize("field", sorted(set(Augmentation.model_fields) - {"fill"}))
def test_every_number_is_said(field: str) -> None:
    values = {"flip": "both", "crop_padding": 3, "rand_augment_operations": 3}
    before = Augmentation(rand_augment=0.1)
    after = before.changed(**{field: values.get(field, 0.3)})
    assert after.in_words != before.in_words
