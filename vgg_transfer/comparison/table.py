"""From runs to the table: what each recipe is worth, what it costs, and which differences count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.comparison.advice import recommend
from vgg_transfer.comparison.costs import (
    LEFT_OUT,
    fair_seconds,
    peak_memory_mb,
    seconds_per_row,
    uses_unknown,
)
from vgg_transfer.comparison.record import Comparison, Standing, TrialResult
from vgg_transfer.errors import ComparisonError
from vgg_transfer.evaluation import Answers, Look, Pair, compare_pairs, levels, verdicts
from vgg_transfer.run import Run

_ONCE = Look()


@dataclass(frozen=True)
class Outcome:
    """How a trial ended: the run, where it left one, and the reason where it failed."""

    recipe: str
    seed: int
    run: Run | None
    reason: str = ""
    fails_with_every_seed: bool = False

    @property
    def is_complete(self) -> bool:
        """True where the trial counts in the table."""
        return self.run is not None and self.run.status == "complete"


def tabulate(outcomes: Sequence[Outcome], begun: Comparison, look: Look = _ONCE) -> Comparison:
    """Return the comparison of these trials, those of a recipe in the order of their seeds.

    ``begun`` says on which images they were judged, and where the comparison is written; ``look``,
    how strictly. Defaults to the only look, at 5 %.
    """
    complete = [one.run for one in outcomes if one.run is not None and one.is_complete]
    per_row = seconds_per_row([one.run for one in outcomes if one.run is not None])
    by_recipe: dict[str, dict[int, Run]] = {}
    for one in outcomes:
        if one.run is not None and one.is_complete:
            by_recipe.setdefault(one.recipe, {})[one.seed] = one.run
    standings = _standings(by_recipe, per_row, look)
    pairs, sentences = _verdict(by_recipe, begun.test_images, look)
    recommended, recommendation = recommend(standings, pairs)
    notes = _failures(outcomes)
    if begun.judged_on == "val" and standings:
        notes.append(
            "there are no test images, so all is judged on the validation images, which also "
            "chose epochs and weights: the levels are optimistic"
        )
    if any(uses_unknown(run, per_row) for run in complete):
        notes.append(LEFT_OUT)
    return replace(
        begun,
        seeds=tuple(sorted({one.seed for one in outcomes})),
        trials=tuple(_result(one, begun.folder) for one in outcomes),
        standings=standings,
        pairs=pairs,
        verdicts=sentences,
        recommended=recommended,
        recommendation=recommendation,
        notes=tuple(notes),
    )


def _standings(
    by_recipe: Mapping[str, Mapping[int, Run]], per_row: Mapping[str, float], look: Look
) -> tuple[Standing, ...]:
    if not by_recipe:
        return ()
    answers = [_answers(name, runs) for name, runs in by_recipe.items()]
    found = []
    for level in levels(answers, _labels(by_recipe), look):
        runs = by_recipe[level.name].values()
        found.append(
            Standing(
                name=level.name,
                accuracy=level.accuracy,
                interval=level.interval,
                by_seed=level.by_seed,
                deviation=level.deviation,
                seconds=float(np.mean([fair_seconds(run, per_row) for run in runs])),
                peak_memory_mb=max(peak_memory_mb(run) for run in runs),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.accuracy))


def _verdict(
    by_recipe: Mapping[str, Mapping[int, Run]], images: int, look: Look
) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Return the pairs and what they say; no pairs and the reason where there is no verdict."""
    if len(by_recipe) < 2:
        only = "".join(f' but those of "{name}"' for name in by_recipe)
        return (), (f"no verdict: it needs two recipes, and no trials{only} came to their end",)
    answers = [_answers(name, runs) for name, runs in by_recipe.items()]
    try:
        pairs = compare_pairs(answers, _labels(by_recipe), look)
    except ComparisonError as refusal:
        return (), (str(refusal),)
    seeds = min(_shared(one, two) for one, two in combinations(by_recipe.values(), 2))
    return pairs, verdicts(pairs, images, seeds)


def _shared(runs: Mapping[int, Run], others: Mapping[int, Run]) -> int:
    """Return on how many seeds two recipes are compared."""
    return len(runs.keys() & others.keys()) or min(len(runs), len(others))


def _answers(name: str, runs: Mapping[int, Run]) -> Answers:
    found = [[answer for _, answer in in_order(run)] for run in runs.values()]
    return Answers(name, np.array(found), tuple(runs))


def _labels(by_recipe: Mapping[str, Mapping[int, Run]]) -> NDArray[np.int64]:
    run = next(run for runs in by_recipe.values() for run in runs.values())
    return np.array([run.class_names.index(label) for (_, label), _ in in_order(run)])


def in_order(run: Run) -> list[tuple[tuple[str, str], tuple[float, ...]]]:
    """Return ((digest, class), probabilities) of every image that the run was judged on.

    Sorted, so that the same images are in the same order, wherever they lie and whatever their
    names are.
    """
    found = [
        ((row.digest, one.label), one.probabilities)
        for row, one in zip(run.split(run.judged_on), run.judged, strict=True)
    ]
    return sorted(found, key=lambda one: one[0])


def _result(one: Outcome, folder: Path | None) -> TrialResult:
    run = one.run
    return TrialResult(
        recipe=one.recipe,
        seed=one.seed,
        folder=_place(run, folder) if run else "",
        status="complete" if one.is_complete else "failed",
        reason=one.reason,
        accuracy=run.metrics.accuracy if run and run.metrics else None,
        seconds=run.seconds if run else 0.0,
        peak_memory_mb=peak_memory_mb(run) if run else 0.0,
    )


def _failures(outcomes: Sequence[Outcome]) -> list[str]:
    """Say which trials failed, why, and what becomes of them at the next call."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for one in outcomes:
        if not one.is_complete:
            again = (
                f'it is not run again unless you move "{one.run.folder}" away'
                if one.run
                else "the same command tries again"
            )
            alike.setdefault((one.recipe, one.reason, again), []).append(one.seed)
    return [
        f"{recipe} with seed{'s' * (len(seeds) > 1)} {', '.join(map(str, seeds))} failed: "
        f"{reason}; {again}"
        for (recipe, reason, again), seeds in alike.items()
    ]


def _place(run: Run, folder: Path | None) -> str:
    if folder is not None and run.folder.is_relative_to(folder.absolute()):
        return run.folder.relative_to(folder.absolute()).as_posix()
    return str(run.folder)
