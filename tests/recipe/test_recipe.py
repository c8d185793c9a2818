"""The whole recipe: its bounds, how its parts must fit together, rates by block, findings."""

import pytest
from pydantic import ValidationError

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Base, Recipe, Stage, from_toml, named, names, override, to_toml
from vgg_transfer.recipe.catalogue.registry import published_names
from vgg_transfer.recipe.catalogue.schedules import staged
from vgg_transfer.recipe.stage import BASE_BLOCKS

HEAD_STAGE = '[[stage]]\ntrain = ["head"]\n'


def faults_of(text: str) -> list[str]:
    """Return the lines below the headline of the error that this TOML text causes."""
    with pytest.raises(RecipeError) as caught:
        from_toml(text)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("size = 7", "size: input should be greater than or equal to 8; received 7"),
        ("size = 2049", "size: input should be less than or equal to 2048; received 2049"),
        ("size = 96.0", "size: input should be a valid integer; received 96.0"),
        ("batch_size = 0", "batch_size: input should be greater than or equal to 1; received 0"),
        (
            'resize = "cut"',
            "resize: input should be 'squash', 'crop' or 'pad'; received \"cut\"",
        ),
        (
            'preprocess = "none"',
            "preprocess: input should be 'imagenet', 'rescale' or 'standardize'; received \"none\"",
        ),
        (
            'precision = "fp8"',
            "precision: input should be 'auto', 'fp32', 'bf16' or 'fp16'; received \"fp8\"",
        ),
        (
            'frozen_precision = "bf16"',
            "frozen_precision: input should be 'auto', 'int8' or 'same'; received \"bf16\"",
        ),
        (
            "base.blocks = 6",
            "base.blocks: input should be less than or equal to 5; received 6",
        ),
        ("base.width = 0", "base.width: input should be greater than 0; received 0"),
        (
            "base.batch_norm = 1",
            "base.batch_norm: input should be a valid boolean; received 1",
        ),
        (
            'base.architecture = "vgg11"',
            "base.architecture: input should be 'vgg16' or 'vgg19'; received \"vgg11\"",
        ),
        (
            "head.dropout = 1.0",
            "head.dropout: input should be less than 1; received 1.0",
        ),
        (
            "head.dense = [128, 0]",
            "head.dense.2: input should be greater than or equal to 1; received 0",
        ),
        (
            'head.blocks = ["block6"]',
            "head.blocks.1: input should be 'block1', 'block2', 'block3', 'block4' or 'block5'; "
            'received "block6"',
        ),
        (
            'head.blocks = ["block5", "block4"]\nhead.pooling = "flatten"',
            "head: pooling = \"flatten\" reads one block; received blocks = ['block4', 'block5']: "
            'set pooling = "average", "max" or "both", or leave blocks out',
        ),
        (
            'head.blocks = ["block4", "block5"]\nbase.blocks = 4',
            "head.blocks names block5, but base.blocks = 4 keeps block1, block2, block3, block4: "
            "leave it out",
        ),
        (
            'head.blocks = ["block3", "block4"]',
            "head.blocks = ['block3', 'block4'] leaves out block5, the last block of the base, "
            "which the head always reads: name it too, or keep fewer with base.blocks",
        ),
        (
            "head.l2 = -0.1",
            "head.l2: input should be greater than or equal to 0; received -0.1",
        ),
        (
            'head.loss = "hinge"',
            "head.loss: input should be 'crossentropy' or 'focal'; received \"hinge\"",
        ),
        (
            "head.focal_gamma = 11",
            "head.focal_gamma: input should be less than or equal to 10; received 11",
        ),
        (
            "head.norm_momentum = 0.9",
            "head: norm_momentum = 0.9 has no effect without batch norm: set batch_norm = true, or "
            "leave it out",
        ),
        (
            "head.focal_gamma = 1.5",
            'head: focal_gamma = 1.5 has no effect with loss = "crossentropy": set loss = "focal", '
            "or leave it out",
        ),
        (
            'head.activation = "none"',
            'head: activation = "none" has no effect without hidden layers: set dense, or leave '
            "it out",
        ),
        (
            'sampling = "oversample"',
            "sampling: input should be 'all' or 'balanced'; received \"oversample\"",
        ),
        (
            'class_weights = "inverse"',
            "class_weights: input should be 'none', 'balanced' or 'effective'; received "
            '"inverse"',
        ),
        (
            "augmentation.zoom = 1.5",
            "augmentation.zoom: input should be less than or equal to 1; received 1.5",
        ),
        (
            "augmentation.hue = 0.6",
            "augmentation.hue: input should be less than or equal to 0.5; received 0.6",
        ),
        (
            "augmentation.rotation = 181",
            "augmentation.rotation: input should be less than or equal to 180; received 181",
        ),
        (
            "augmentation.rotation = nan",
            "augmentation.rotation: input should be less than or equal to 180; received NaN",
        ),
        (
            "views = 0",
            'views: "auto", "plain", "fresh" or a number from 1 to 64 is needed; received 0',
        ),
        (
            "views = true",
            'views: "auto", "plain", "fresh" or a number from 1 to 64 is needed; received True',
        ),
    ],
)
def test_a_setting_out_of_bounds_is_named_with_what_was_received(setting: str, fault: str) -> None:
    assert faults_of(f"{setting}\n{HEAD_STAGE}") == [fault]


@pytest.mark.parametrize("setting", ["batch_norm = true", "width = 0.5"])
def test_a_base_of_our_own_has_no_published_weights(setting: str) -> None:
    assert faults_of(f"base.{setting}\n{HEAD_STAGE}") == [
        "base: there are no published weights for a base with batch_norm or another width: "
        'set weights = "none"'
    ]
    from_toml(f'base.{setting}\nbase.weights = "none"\n{HEAD_STAGE}')


def test_parts_that_do_not_fit_together_are_all_reported_at_once() -> None:
    (line,) = faults_of(
        """
        size = 8
        class_weights = "balanced"
        base.blocks = 4
        head.dense = [8]
        augmentation.mixup = 0.2
        [[stage]]
        train = ["head"]
        optimizer = "exact"
        [[stage]]
        train = ["block4", "block5", "head"]
        """
    )
    assert line.split("; ") == [
        'stage 1: optimizer = "exact" solves a head without hidden layers: set head.dense = [] '
        "and head.batch_norm = false",
        "stage 2 trains block5, but base.blocks = 4 keeps block1, block2, block3, block4",
        "class_weights cannot be combined with mixup or cutmix, whose images have no single class: "
        "leave one of them out",
        "size = 8 is too small for 4 blocks, each of which halves the image: use at least 16",
    ]


def test_a_stage_of_its_own_mixing_also_clashes_with_class_weights() -> None:
    text = 'class_weights = "balanced"\n' + HEAD_STAGE + "augmentation.cutmix = 1.0\n"
    assert faults_of(text) == [
        "class_weights cannot be combined with mixup or cutmix, whose images have no single class: "
        "leave one of them out"
    ]


@pytest.mark.parametrize("weights", ["balanced", "effective"])
def test_no_class_weights_of_any_kind_with_mixing(weights: str) -> None:
    text = f'class_weights = "{weights}"\naugmentation.mixup = 0.2\n{HEAD_STAGE}'
    assert len(faults_of(text)) == 1


def test_the_exact_head_refuses_what_it_would_ignore() -> None:
    (line,) = faults_of(
        'sampling = "balanced"\nhead.loss = "focal"\n'
        f'{HEAD_STAGE}[[stage]]\ntrain = ["head"]\noptimizer = "exact"\n'
    )
    assert line.split("; ") == [
        'stage 2: optimizer = "exact" solves cross-entropy, not head.loss = "focal": set head.loss '
        '= "crossentropy"',
        'stage 2: optimizer = "exact" looks at every image once, so sampling = "balanced" has no '
        'effect: set sampling = "all" and class_weights = "balanced"',
    ]


CROSS_VALIDATED = f'{HEAD_STAGE}optimizer = "exact"\nstrength = "cross-validation"\n'
BLOCK5_STAGE = '[[stage]]\ntrain = ["head", "block5"]\n'


@pytest.mark.parametrize(
    "choosing", ["", "keep = 'last'\nstopping = {}", "keep = 'last'\nplan = {kind = 'plateau'}"]
)
def test_no_stage_chooses_by_validation_images_that_an_earlier_one_fits(choosing: str) -> None:
    assert faults_of(f"{CROSS_VALIDATED}{BLOCK5_STAGE}{choosing}") == [
        'stage 1: strength = "cross-validation" fits the validation images, so stage 2 cannot '
        'choose by them: set keep = "last" there, without stopping and plateau plan, or strength '
        '= "validation" here'
    ]


def test_a_stage_that_keeps_its_last_weights_may_follow_a_cross_validated_head() -> None:
    recipe = from_toml(f"{CROSS_VALIDATED}{BLOCK5_STAGE}keep = 'last'\nplan = {{kind = 'cosine'}}")
    assert len(recipe.stage) == 2


def test_folds_hold_nothing_out_of_blocks_that_were_trained_before() -> None:
    assert faults_of(f"{BLOCK5_STAGE}{CROSS_VALIDATED}") == [
        'stage 2: strength = "cross-validation" holds out images that the blocks trained before '
        "have seen: put this stage before all that train a block, or set strength = "
        '"validation"'
    ]


def test_a_probe_cannot_decide_by_validation_images_that_are_fitted() -> None:
    text = f"until = \"worth it\"\n{CROSS_VALIDATED}{BLOCK5_STAGE}keep = 'last'"
    assert faults_of(text) == [
        'stage 1: strength = "cross-validation" fits the validation images, by which until = '
        '"worth it" decides: set until = "end", or strength = "validation"'
    ]


def test_settings_against_imbalance_come_from_the_command_line_and_through_toml() -> None:
    recipe = override(
        named("frozen"),
        ["sampling=balanced", "head.focal_gamma=1", "head.loss=focal", "preprocess=standardize"],
    )
    assert (recipe.sampling, recipe.preprocess) == ("balanced", "standardize")
    assert (recipe.head.loss, recipe.head.focal_gamma) == ("focal", 1.0)
    assert from_toml(to_toml(recipe)) == recipe


def test_the_smallest_size_leaves_one_pixel_behind_the_last_block() -> None:
    assert from_toml(f"size = 32\n{HEAD_STAGE}").size == 32
    assert faults_of(f"size = 31\n{HEAD_STAGE}") == [
        "size = 31 is too small for 5 blocks, each of which halves the image: use at least 32"
    ]


def test_a_recipe_needs_a_stage() -> None:
    assert faults_of("size = 96") == ["stage: field required"]
    assert faults_of("stage = []") == ["stage: a recipe needs at least one"]
    with pytest.raises(ValidationError):
        Recipe(stage=())


def test_a_recipe_cannot_be_changed() -> None:
    recipe = named("frozen")
    with pytest.raises(ValidationError, match="frozen"):
        recipe.size = 96
    with pytest.raises(ValidationError, match="frozen"):
        recipe.stage[0].rate = 0.1


def test_block_names_are_the_kept_prefix() -> None:
    assert Base(blocks=1).block_names == ("block1",)
    assert Base().block_names == BASE_BLOCKS


def test_each_block_takes_the_decay_of_all_blocks_above_it() -> None:
    stage = Stage(train=("head", *BASE_BLOCKS), block_decay=0.5)
    recipe = Recipe(stage=(stage,))
    shares = [recipe.rate_share(stage, block) for block in ("head", "block5", "block4", "block1")]
    assert shares == [1.0, 0.5, 0.25, 1 / 32]


def test_the_last_kept_block_stands_right_below_the_head() -> None:
    stage = Stage(train=("head", "block2"), block_decay=0.5)
    recipe = Recipe(base=Base(blocks=2), stage=(stage,))
    assert [recipe.rate_share(stage, block) for block in ("block2", "block1")] == [0.5, 0.25]


def test_a_block_may_take_a_share_of_the_rate_beside_the_decay() -> None:
    text = 'train = ["head", "block5", "block4"]\nblock_decay = 0.5\nrate_shares = {block4 = 0.1}'
    recipe = from_toml(f"[[stage]]\n{text}\n")
    shares = [recipe.rate_share(recipe.stage[0], block) for block in ("head", "block5", "block4")]
    assert shares == pytest.approx([1.0, 0.5, 0.025])
    assert from_toml(to_toml(recipe)) == recipe


def test_frozen_noise_is_found() -> None:
    recipe = from_toml(
        'base.weights = "none"\nbase.blocks = 3\n[[stage]]\ntrain = ["block3", "head"]\n'
    )
    (finding,) = recipe.findings
    assert (finding.code, finding.severity, finding.where) == ("frozen-noise", "warning", "recipe")
    assert finding.sentence == (
        "block1, block2 start at random and never train, so the head learns from frozen noise: use "
        'base.weights = "imagenet" or train these blocks'
    )


def test_a_block_that_trains_in_any_stage_is_not_frozen_noise() -> None:
    recipe = from_toml(
        f'base.weights = "none"\nbase.blocks = 1\n{HEAD_STAGE}[[stage]]\ntrain = ["block1"]\n'
    )
    assert recipe.findings == ()


@pytest.mark.parametrize("wrong", ["rescale", "standardize"])
def test_the_wrong_preprocessing_is_found(wrong: str) -> None:
    (finding,) = from_toml(f'preprocess = "{wrong}"\n{HEAD_STAGE}').findings
    assert finding.code == "foreign-preprocessing"
    assert finding.sentence == (
        f'preprocess = "{wrong}" is not what the ImageNet weights were trained with: use "imagenet"'
    )


def test_standardizing_is_right_for_weights_drawn_at_random() -> None:
    assert (
        from_toml(
            'preprocess = "standardize"\nbase.weights = "none"\nbase.blocks = 1\n'
            '[[stage]]\ntrain = ["block1", "head"]\n'
        ).findings
        == ()
    )


def test_two_corrections_of_the_same_imbalance_are_found() -> None:
    text = f'sampling = "balanced"\n{HEAD_STAGE}'
    assert from_toml(text).findings == ()
    (finding,) = from_toml(f'class_weights = "effective"\n{text}').findings
    assert finding.code == "balanced-twice"
    assert finding.sentence == (
        'sampling = "balanced" and class_weights = "effective" both make up for uneven classes, so '
        "together the rare ones count for more than the common ones: leave one of them out"
    )


def test_only_what_fails_on_purpose_or_repeats_a_publication_has_findings() -> None:
    found = {name for name in names() if named(name).findings}
    rescaled = {name for name in published_names() if named(name).preprocess == "rescale"}
    assert found == {"dog-cat-frozen-noise", *rescaled}


THREE_STAGES = """
[[stage]]
train = ["head"]
[[stage]]
train = ["head", "block5"]
[[stage]]
train = ["head", "block5", "block4", "block3"]
"""


def test_what_a_stage_opens_lies_below_all_that_trained_before() -> None:
    recipe = from_toml(THREE_STAGES)
    opened = [recipe.opened_below(number) for number in (1, 2, 3)]
    assert opened == [(), ("block5",), ("block3", "block4")]
    back = from_toml(THREE_STAGES + '[[stage]]\ntrain = ["block5", "block4"]\n')
    assert back.opened_below(4) == ()


def test_until_it_is_no_longer_worth_it_comes_from_the_command_line_and_through_toml() -> None:
    assert named("staged").until == "end"
    recipe = override(staged(unfreeze=5), ["until=worth it"])
    assert recipe.until == "worth it"
    assert from_toml(to_toml(recipe)) == recipe
    assert override(recipe, ['until="end"']) == staged(unfreeze=5)


@pytest.mark.parametrize(
    "stages",
    [
        HEAD_STAGE,
        '[[stage]]\ntrain = ["block4", "head"]\n[[stage]]\ntrain = ["block5", "head"]\n',
        '[[stage]]\ntrain = ["block5"]\n[[stage]]\ntrain = ["block5", "head"]\n',
    ],
)
def test_until_worth_it_needs_a_stage_to_decide_on(stages: str) -> None:
    assert faults_of(f'until = "worth it"\n{stages}') == [
        'until = "worth it" has no effect: no stage opens a lower block than the stages before it. '
        'Leave it out, or add such a stage, as the recipe "staged" has them'
    ]


def test_until_something_else_is_refused() -> None:
    (line,) = faults_of(f'until = "worthit"\n{HEAD_STAGE}')
    assert line == "until: input should be 'end' or 'worth it'; received \"worthit\""


NOT_STORED = (
    'frozen_precision = "int8" has no effect: no stage stores activations of frozen blocks. Set '
    '"same", or let a stage have stored views and leave block1 frozen'
)
ALL_STAGE = '[[stage]]\ntrain = ["block1", "head"]\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD_STAGE, []),
        (ALL_STAGE, [NOT_STORED]),
        (ALL_STAGE + HEAD_STAGE, []),
        (f'views = "fresh"\n{HEAD_STAGE}', [NOT_STORED]),
        (f'views = "fresh"\n{HEAD_STAGE}optimizer = "exact"\n', []),
        (f'views = "fresh"\n{HEAD_STAGE}views = 4\n', []),
        (f"augmentation = {{ cutmix = 1.0 }}\n{HEAD_STAGE}", [NOT_STORED]),
        (f'views = "plain"\naugmentation = {{ cutmix = 1.0 }}\n{HEAD_STAGE}', []),
        (
            f'base = {{ batch_norm = true, weights = "none" }}\n{HEAD_STAGE}',
            [
                'frozen_precision = "int8" computes no batch norm: set base.batch_norm = false, or '
                'frozen_precision = "same"'
            ],
        ),
    ],
)
def test_int8_needs_frozen_blocks_whose_outputs_are_stored(text, expected):
    wanted = f'frozen_precision = "int8"\n{text}'
    if expected:
        (line,) = faults_of(wanted)
        assert line.endswith(expected[0])
    else:
        assert from_toml(wanted).frozen_precision == "int8"
    assert from_toml(text).frozen_precision == "auto"


def test_the_blocks_that_the_head_reads_are_kept_lowest_first_and_in_toml() -> None:
    setting = 'head.blocks=["block5", "block3", "block5"]'
    recipe = override(named("probe"), [setting, "head.pooling=both"])
    assert recipe.head.blocks == ("block3", "block5")
    assert from_toml(to_toml(recipe)) == recipe
    assert named("probe").head.blocks == ()
