"""Recipes in and out: TOML both ways, ``--set``, and every fault reported at once."""

from pathlib import Path

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import (
    Base,
    Recipe,
    choose,
    from_toml,
    named,
    names,
    override,
    read,
    to_toml,
)
from vgg_transfer.recipe.stage import ConstantPlan, CosinePlan, PlateauPlan, Stage, Stopping

HEAD_STAGE = '[[stage]]\ntrain = ["head"]\n'


def error_of(recipe: Recipe, *settings: str) -> str:
    """Return the text of the error that these ``--set`` settings cause."""
    with pytest.raises(RecipeError) as caught:
        override(recipe, settings)
    return str(caught.value)


@pytest.mark.parametrize("name", names())
def test_toml_keeps_every_named_recipe_exactly(name: str, tmp_path: Path) -> None:
    recipe = named(name)
    file = tmp_path / "recipe.toml"
    file.write_text(to_toml(recipe), encoding="utf-8")
    assert read(file) == recipe


def test_toml_keeps_what_no_named_recipe_uses() -> None:
    text = """
        description = "größer, \\"quoted\\""
        views = 4
        resize = "pad"
        base.architecture = "vgg19"
        base.weights = 'C:\\weights\\vgg19.h5'
        [[stage]]
        train = ["head", "block5"]
        views = "fresh"
        batch_size = 8
        dropout = 0.0
        momentum = 0.0
        optimizer = "sgd"
        plan = {kind = "cosine", warm_up = 0.5}
        stopping = {monitor = "val_accuracy", min_delta = 0.01}
        augmentation = {cutmix = 1.0}
    """
    recipe = from_toml(text)
    assert recipe.base.weights == r"C:\weights\vgg19.h5"
    assert from_toml(to_toml(recipe)) == recipe


def test_every_setting_is_shown_in_the_toml_that_is_written() -> None:
    text = to_toml(named("frozen"))
    for line in ('resize = "squash"', "label_smoothing = 0.0", "min_delta = 0.0", "hue = 0.0"):
        assert line in text.splitlines()


def test_text_that_is_not_toml_is_refused_with_its_place() -> None:
    with pytest.raises(RecipeError, match=r"^the recipe is not valid TOML: Invalid value"):
        from_toml("size = ")


def test_a_file_is_named_in_every_error_about_it(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    with pytest.raises(RecipeError) as missing:
        read(file)
    assert str(missing.value) == (
        f'cannot read the recipe file "{file}": No such file or directory'
    )
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(RecipeError) as encoded:
        read(file)
    assert str(encoded.value) == f'cannot read the recipe file "{file}": it is not UTF-8 text'
    file.write_text("sise = 96\n" + HEAD_STAGE, encoding="utf-8")
    with pytest.raises(RecipeError) as faulty:
        read(file)
    assert str(faulty.value) == (
        f'the recipe file "{file}" has 1 fault:\n  sise: unknown key. Did you mean "size"?'
    )


def test_a_recipe_is_chosen_by_its_name_or_its_file(tmp_path: Path) -> None:
    assert choose("staged") == named("staged")
    for name in ("mine.toml", "mine"):
        file = tmp_path / name
        file.write_text(to_toml(named("probe")), encoding="utf-8")
        assert choose(str(file)) == named("probe")
    with pytest.raises(RecipeError, match="cannot read the recipe file"):
        choose(str(tmp_path / "gone.toml"))
    with pytest.raises(RecipeError, match='no recipe is called "gone"'):
        choose("gone")


def test_faults_of_all_parts_are_reported_together() -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml('size = "96"\nsise = 96\nbase.blocks = 0\nhead.dens = []\n' + HEAD_STAGE)
    assert str(caught.value) == (
        "the recipe has 4 faults:\n"
        '  size: input should be a valid integer; received "96"\n'
        "  base.blocks: input should be greater than or equal to 1; received 0\n"
        '  head.dens: unknown key. Did you mean "dense"?\n'
        '  sise: unknown key. Did you mean "size"?'
    )


def test_faults_of_several_stages_are_reported_together_and_counted_from_1() -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml(
            '[[stage]]\ntrain = ["head"]\nrate = 0\n[[stage]]\ntrain = ["head"]\nmomentum = 0.9\n'
        )
    assert str(caught.value) == (
        "the recipe has 2 faults:\n"
        "  stage.1.rate: input should be greater than 0; received 0\n"
        '  stage.2: optimizer = "adam" has no momentum: leave it out'
    )


def test_one_fault_in_a_stage_is_reported_as_one() -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml(HEAD_STAGE + "rate = 0\n")
    assert str(caught.value) == (
        "the recipe has 1 fault:\n  stage.1.rate: input should be greater than 0; received 0"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD_STAGE + "rat = 1.0", 'stage.1.rat: unknown key. Did you mean "rate"?'),
        (
            HEAD_STAGE + 'plan = {kind = "plateau", facto = 0.5}',
            'stage.1.plan.facto: unknown key. Did you mean "factor"?',
        ),
        (
            # "factor" belongs to another kind of plan, so it is no near miss here.
            HEAD_STAGE + 'plan = {kind = "cosine", factor = 0.5}',
            "stage.1.plan.factor: unknown key. Known keys: final, kind, warm_up",
        ),
        (
            HEAD_STAGE + "augmentation = {rotaton = 5.0}",
            'stage.1.augmentation.rotaton: unknown key. Did you mean "rotation"?',
        ),
        (
            HEAD_STAGE + "stopping = {xyz = 5}",
            "stage.1.stopping.xyz: unknown key. Known keys: min_delta, monitor, patience",
        ),
        ("base.weigths = 'none'\n" + HEAD_STAGE, "base.weigths: unknown key. Did you mean"),
    ],
)
def test_an_unknown_key_gets_the_near_miss_or_the_keys_of_its_own_place(
    text: str, fault: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml(text)
    assert f"\n  {fault}" in str(caught.value)


def test_settings_change_what_they_name_and_nothing_else() -> None:
    before = named("staged")
    after = override(before, ["stage.2.rate=3e-5", " size = 96 ", "head.dense=[256, 128]"])
    stages = (
        before.stage[0],
        before.stage[1].changed(rate=3e-5),
        before.stage[2],
    )
    head = before.head.changed(dense=(256, 128))
    assert after == before.changed(size=96, stage=stages, head=head)


def test_a_value_that_is_not_toml_is_taken_as_text() -> None:
    after = override(named("frozen"), ["base.weights=models/a=b.h5", "resize=pad", "name=007"])
    assert (after.base.weights, after.resize, after.name) == ("models/a=b.h5", "pad", "007")


def test_a_setting_may_open_a_table_that_was_left_out() -> None:
    stage = override(named("full"), ["stage.1.augmentation.zoom=0.1"]).stage[0]
    assert stage.augmentation is not None
    assert stage.augmentation.zoom == 0.1
    without = override(named("plateau"), ["stage.1.stopping.patience=4"]).stage[0]
    assert without.stopping == Stopping(patience=4)


def test_another_kind_of_plan_starts_from_its_own_defaults() -> None:
    stage = override(
        named("plateau"), ["stage.1.plan.kind=cosine", "stage.1.plan.final=0.1"]
    ).stage[0]
    assert stage.plan == CosinePlan(final=0.1)
    assert override(named("plateau"), ["stage.1.plan.kind=constant"]).stage[0].plan == (
        ConstantPlan()
    )


def test_the_same_kind_of_plan_keeps_its_settings() -> None:
    recipe = Recipe(stage=(Stage(train=("head",), plan=PlateauPlan(patience=2)),))
    after = override(recipe, ["stage.1.plan.kind=plateau", "stage.1.plan.factor=0.5"])
    assert after.stage[0].plan == PlateauPlan(patience=2, factor=0.5)


def test_the_same_kind_of_plan_in_quotes_keeps_its_settings() -> None:
    recipe = Recipe(stage=(Stage(train=("head",), plan=PlateauPlan(patience=2)),))
    after = override(recipe, ['stage.1.plan.kind="plateau"'])
    assert after.stage[0].plan == PlateauPlan(patience=2)


@pytest.mark.parametrize("equals", ["=", " = "])
def test_the_order_of_settings_does_not_matter(equals: str) -> None:
    settings = ["stage.1.plan.patience=2", f"stage.1.plan.kind{equals}plateau"]
    assert override(named("frozen"), settings).stage[0].plan == PlateauPlan(patience=2)


def test_the_recipe_and_set_are_named_in_the_error() -> None:
    assert error_of(named("frozen"), "sise=96") == (
        'the recipe "frozen" with --set has 1 fault:\n  sise: unknown key. Did you mean "size"?'
    )


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ("size", '--set "size" is not KEY=VALUE; write for example --set stage.1.rate=1e-5'),
        ("=3", '--set "=3" is not KEY=VALUE; write for example --set stage.1.rate=1e-5'),
        (
            "stage.0.rate=1",
            '--set "stage.0.rate=1": there is no stage 0; this recipe has stages 1 to 3',
        ),
        (
            "stage.4.rate=1",
            '--set "stage.4.rate=1": there is no stage 4; this recipe has stages 1 to 3',
        ),
        (
            "stage.last.rate=1",
            '--set "stage.last.rate=1": there is no stage last; this recipe has stages 1 to 3',
        ),
        ("stage.1=head", '--set "stage.1=head" names a whole stage; name a setting of it'),
        ("size.x=3", '--set "size.x=3": "size" is a single value, nothing lies below it'),
    ],
)
def test_a_setting_that_names_no_place_says_why(setting: str, error: str) -> None:
    assert error_of(named("staged"), setting) == error


def test_all_settings_that_name_no_place_are_reported_together() -> None:
    assert error_of(named("frozen"), "size", "stage.9.rate=1") == (
        '--set "size" is not KEY=VALUE; write for example --set stage.1.rate=1e-5\n'
        '--set "stage.9.rate=1": there is no stage 9; this recipe has stages 1 to 1'
    )


@pytest.mark.parametrize("setting", ["stage.².rate=1", "head.dense.1.x=3", "stage.1.train.1.x.y=3"])
def test_a_path_to_nowhere_is_a_recipe_error(setting: str) -> None:
    recipe = Recipe(
        base=Base(), head=named("pooled-head").head, stage=(Stage(train=("head", "block5")),)
    )
    with pytest.raises(RecipeError, match="--set"):
        override(recipe, [setting])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (f"size = {'[' * 5000}{']' * 5000}", "is not valid TOML: it is nested too deeply"),
        (f"size = {'9' * 5000}", "is not valid TOML: "),
        (f"size = 0x{'f' * 9000}", "received a value that is too large to show"),
        (f'name = ["{"x" * 9000}"]', "name: input should be a valid string; received "),
        ("batch_size = 99999999999999999999", "batch_size: input should be less than or equal to"),
        ("batch_size = 100000000", "less than or equal to 65536; received 100000000"),
    ],
)
def test_hostile_text_is_refused_in_a_short_message(line, fault):
    with pytest.raises(RecipeError) as caught:
        from_toml(f'{line}\n[[stage]]\ntrain = ["head"]\n')
    assert fault in str(caught.value)
    assert len(str(caught.value)) < 600
    assert line.split(" = ")[0] in str(caught.value) or "TOML" in str(caught.value)


@pytest.mark.parametrize("setting", ["stage.\0.rate=1", "name.\0=1", "\x1b[2J=1", "size\x1b"])
def test_what_moves_a_cursor_is_shown_as_escapes(setting):
    with pytest.raises(RecipeError) as caught:
        override(named("staged"), [setting])
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_setting_is_as_hostile_as_a_file():
    recipe = named("staged")
    for setting in (f"size={'[' * 5000}", f"stage.{'9' * 5000}.rate=1", f"size={'9' * 5000}"):
        with pytest.raises(RecipeError) as caught:
            override(recipe, [setting])
        assert "size" in str(caught.value) or "there is no stage" in str(caught.value)
