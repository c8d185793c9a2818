"""Compare runs that were trained before, wherever their folders lie."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.comparison.record import Comparison
from vgg_transfer.comparison.table import Outcome, in_order, tabulate
from vgg_transfer.errors import ComparisonError, RunError
from vgg_transfer.run import Run
from vgg_transfer.trials.trial import differences
from vgg_transfer.words import listed


def compare_runs(folders: Sequence[Path | str]) -> Comparison:
    """Judge the differences between runs; nothing is trained or written.

    Runs of the same recipe are its seeds. Two recipes of one name are told apart by the folder of
    their first run.

    Args:
        folders: at least two run folders, of at least two recipes, judged on the same images.

    Returns:
        The comparison; its ``folder`` is None.

    Raises:
        ComparisonError: with all that is wrong with these runs, such as two that were judged on
            different images.
    """
    runs = _read(folders)
    _check(runs)
    outcomes = [
        Outcome(name, run.seed, run) for name, group in _by_recipe(runs).items() for run in group
    ]
    first = runs[0]
    begun = Comparison(None, first.image_set, first.judged_on, len(first.judged), ())
    comparison = tabulate(outcomes, begun)
    return replace(comparison, notes=(*comparison.notes, *_notes(runs)))


def _read(folders: Sequence[Path | str]) -> list[Run]:
    """Return the runs; one that is not there, not finished or named twice is an error."""
    runs, faults = [], []
    for folder in dict.fromkeys(Path(folder) for folder in folders):
        try:
            run = record.read(folder)
        except RunError as error:
            faults.append(str(error))
            continue
        if run.status == "complete" and run.judged:
            runs.append(run)
        elif run.status == "complete":
            faults.append(
                f'"{folder}" holds no predictions of its model, so there is nothing to compare: '
                "train it again"
            )
        else:
            faults.append(
                f'the training of "{folder}" did not come to its end ({run.status}), so there is '
                "nothing to compare: train it again"
            )
    if len(runs) < 2 and not faults:
        faults.append(f"a comparison needs at least two runs, received {len(runs)}")
    if faults:
        raise ComparisonError("\n".join(faults))
    return runs


def _check(runs: Sequence[Run]) -> None:
    """Refuse runs that were not judged on the same images of the same classes."""
    first, faults = runs[0], []
    for run in runs[1:]:
        both = f'"{first.folder}" and "{run.folder}"'
        if run.class_names != first.class_names:
            faults.append(
                f"{both} know different classes ({listed(first.class_names, quoted=False)}; "
                f"{listed(run.class_names, quoted=False)})"
            )
        elif run.judged_on != first.judged_on:
            faults.append(
                f"{both} were judged on different splits ({first.judged_on}; {run.judged_on})"
            )
        elif _images(run) != _images(first):
            shared = (Counter(_images(run)) & Counter(_images(first))).total()
            faults.append(
                f"{both} were judged on different {first.judged_on} images: {len(first.judged)} "
                f"and {len(run.judged)}, of which {shared} are the same with the same class"
            )
    if faults:
        faults.append(
            "Only runs that were judged on the same images can be compared. Train with "
            f'--splits "{first.folder / "images.csv"}" to use the split of the first'
        )
        raise ComparisonError("\n".join(faults))


def _images(run: Run) -> list[tuple[str, str]]:
    return [image for image, _ in in_order(run)]


def _by_recipe(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Return the runs of each recipe, by a name that no other recipe has."""
    groups: list[list[Run]] = []
    for run in runs:
        same = [group for group in groups if not differences(group[0].recipe, run.recipe)]
        if same:
            same[0].append(run)
        else:
            groups.append([run])
    faults = [
        f'"{first.folder}" and "{second.folder}" are of the same recipe with the same seed '
        f"({first.seed}), so they are the same training: leave one out"
        for group in groups
        for first, second in combinations(group, 2)
        if first.seed == second.seed
    ]
    if len(groups) == 1:
        faults.append(
            f'all these runs are of one recipe, "{runs[0].recipe.name}": a comparison needs runs '
            "of at least two"
        )
    if faults:
        raise ComparisonError("\n".join(faults))
    times = Counter(group[0].recipe.name for group in groups)
    return {_name(group[0], times): sorted(group, key=lambda run: run.seed) for group in groups}


def _name(first: Run, times: Counter[str]) -> str:
    name = first.recipe.name
    return f"{name} ({first.folder})" if times[name] > 1 else name


def _notes(runs: Sequence[Run]) -> list[str]:
    """Say what, besides the recipes, differs between the runs."""
    notes = []
    if len({run.image_set.digest for run in runs}) > 1:
        notes.append(
            "the runs were judged on the same images, but trained or chosen on others: a "
            "difference may come from there"
        )
    if len({(run.environment.device, run.environment.precision) for run in runs}) > 1:
        notes.append(
            "the runs were trained on different devices or in different precision: their seconds "
            "do not compare"
        )
    return notes
