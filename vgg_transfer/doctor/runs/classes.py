"""What the answers on held-out images say of single classes."""

from collections.abc import Iterator
from itertools import combinations

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.runs.answers import collapsed_to
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run
from vgg_transfer.words import listed

_FEWEST = 10
_CHANCE = 0.001
_FEW_MISTAKES = 5
_MOST = 3

NO_RECALL = Entry(
    "no-recall",
    "warning",
    "A class that is never recognised",
    "The model does not know this class at all, whatever its accuracy says: where classes are "
    "uneven that is easily overlooked.",
    f"None of at least {_FEWEST} held-out images of the class is right: were half of them "
    "recognised, that would happen once in a thousand times.",
)
CONFUSED = Entry(
    "confused-pair",
    "note",
    "Two classes that are taken for each other",
    "Most of what there is to gain lies between them: look at their labels and at more images of "
    "both.",
    f"More mistakes between the two than the mistakes of each, spread evenly over all other "
    f"classes, would give (Poisson test, p < {_CHANCE} over all pairs; {_FEW_MISTAKES} mistakes at "
    "least, three classes at least).",
)


def no_recall(run: Run) -> Iterator[Finding]:
    """Find classes of which nothing is recognised."""
    if run.metrics is None or collapsed_to(run) is not None:
        return
    blind = [c for c in run.metrics.per_class if c.images >= _FEWEST and c.recall == 0]
    if blind:
        shown = listed((f"{one.name} (0 of {one.images})" for one in blind), quoted=False)
        yield NO_RECALL.found(
            "answers",
            f"never right: {shown}",
            "--set class_weights=balanced; and look at the labels of these images",
        )


def confused_pair(run: Run) -> Iterator[Finding]:
    """Find pairs of classes that hold more than their share of the mistakes."""
    if run.metrics is None or len(run.class_names) < 3 or collapsed_to(run) is not None:
        return
    # Imported here: scipy.stats takes longer to load than all of this.
    from scipy.stats import poisson

    table, classes = run.metrics.confusion, len(run.class_names)
    wrong = [sum(row) - row[number] for number, row in enumerate(table)]
    pairs = list(combinations(range(classes), 2))
    found = []
    for one, other in pairs:
        mistakes = table[one][other] + table[other][one]
        expected = (wrong[one] + wrong[other]) / (classes - 1)
        chance = float(poisson.sf(mistakes - 1, expected)) * len(pairs)
        if mistakes >= _FEW_MISTAKES and chance < _CHANCE:
            found.append((mistakes, one, other, expected))
    for mistakes, one, other, expected in sorted(found, reverse=True)[:_MOST]:
        yield CONFUSED.found(
            "answers",
            f'{mistakes} mistakes between "{run.class_names[one]}" and '
            f'"{run.class_names[other]}"; {expected:.1f} would be theirs by chance',
            "look at the labels of both, and add images of them",
        )
