"""What a recipe says of itself, with or without the doctor: why it matters."""

from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.case import RecipeCase
from vgg_transfer.finding import Finding

FROZEN_NOISE = Entry(
    "frozen-noise",
    "warning",
    "Blocks with random weights that never train",
    "A head on random filters is asked to tell classes apart by noise: it hardly beats guessing, "
    "however long it trains.",
    'The recipe alone: base.weights = "none", and a block that no stage trains.',
)
FOREIGN_PREPROCESSING = Entry(
    "foreign-preprocessing",
    "warning",
    "Preprocessing that the weights were not trained with",
    "The ImageNet weights expect BGR pixels less their mean, up to ±150; what they make of other "
    "numbers is a faint picture of what they know.",
    'The recipe alone: base.weights = "imagenet" with another preprocess than "imagenet".',
)
BALANCED_TWICE = Entry(
    "balanced-twice",
    "warning",
    "Uneven classes are made up for twice",
    "Drawing rare classes more often and weighting them too turns them into the common ones, so "
    "that the network now overlooks what was common.",
    'The recipe alone: sampling = "balanced" and class_weights.',
)
LAST_SIZE = Entry(
    "last-size",
    "warning",
    "The last stage trains at another size than the model is used at",
    "Filters and pooled averages depend on how large things are in a picture, so that a change of "
    "size behind the last training costs accuracy that no training makes up for.",
    "The recipe alone: the size of its last stage and its own.",
)


def own_findings(case: RecipeCase) -> Iterator[Finding]:
    """Yield what the recipe says of itself, under the codes above."""
    yield from case.recipe.findings
