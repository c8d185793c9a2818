"""The trials of a search, one after another, and the one look at the test images in its end."""

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Listener, Said, TrialBegan, TrialEnded
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe, to_toml
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import Engine, trained
from vgg_transfer.trials.folder import scratch, seconds_before, with_progress
from vgg_transfer.trials.trial import Trial
from vgg_transfer.tuning.search_space import (
    Space,
    Values,
    own_settings,
    own_values,
    with_values,
)
from vgg_transfer.tuning.study import (
    drop_trial,
    finished_trials,
    looks_at_test,
    next_trial,
    record_look,
    record_trial,
    write_table,
)
from vgg_transfer.tuning.tuned import SettingsTried, TunedTrial
from vgg_transfer.words import counted
from vgg_transfer.writing import whole_file

if TYPE_CHECKING:
    from optuna import Study


@dataclass(frozen=True)
class Search:
    """What stays the same over a search.

    ``without_test`` is the image set without its test images, ``ends`` the reading of
    ``time.perf_counter`` at which the time for everything is over, in seconds.
    """

    study: "Study"
    folder: Path
    recipe: Recipe
    space: Space
    image_set: ImageSet
    without_test: ImageSet
    seed: int
    engine: Engine
    listen: Listener
    ends: float


def run_trials(search: Search, most: float) -> None:
    """Run trials while there is time for one more and the final training; at least one."""
    done = 0
    while not done or (done < most and _expected(search) <= search.ends - time.perf_counter()):
        _run_trial(search)
        tried = finished_trials(search.study)
        write_table(search.folder, tried)
        search.listen(SettingsTried(tried[-1], tried[-1] == best_of(tried)))
        done += 1


def _run_trial(search: Search) -> None:
    own = own_values(search.recipe, search.space)
    trial = next_trial(search.study, search.space, own, search.seed)
    try:
        found, history = _tried(search, trial.number, trial.params)
    except BaseException as error:
        drop_trial(search.study, trial, by_hand=isinstance(error, KeyboardInterrupt))
        raise
    record_trial(search.study, trial, found, history)


def _tried(search: Search, number: int, values: Values) -> tuple[TunedTrial, list[dict[str, Any]]]:
    """Train with these values; return how it went, and its epochs."""
    recipe, settings = with_values(search.recipe, values)
    trial, images = Trial(recipe, search.seed), search.without_test
    began = time.perf_counter()
    try:
        with scratch(search.folder, trial, images) as place:
            began -= seconds_before(place)
            run = _trained(search, trial, images, place, f"trial {number}")
    except TrainingError as error:
        reason = str(error).partition(". ")[0]  # what follows tells of weights that nobody keeps
        seconds = time.perf_counter() - began
        return TunedTrial(number, "failed", settings, seconds, reason=reason), []
    found = TunedTrial(
        number,
        "complete",
        settings,
        seconds=time.perf_counter() - began,
        filling_seconds=math.fsum(one.seconds for one in run.filled),
        log_loss=run.metrics.log_loss if run.metrics else None,
        correct=run.metrics.correct if run.metrics else None,
    )
    return found, [asdict(epoch) for epoch in run.history]


def _trained(search: Search, trial: Trial, images: ImageSet, place: Path, what: str) -> Run:
    """Train to the end, or raise what ended it."""
    search.listen(TrialBegan(with_progress(what, place)))
    try:
        run = trained(search.engine, trial, images, place, search.listen)
    finally:
        search.listen(TrialEnded())
    if run.status == "interrupted":
        raise KeyboardInterrupt
    return run


def _expected(search: Search) -> float:
    """Return the seconds that one more trial and the final training should take, by those before.

    What was stored meanwhile is not computed again, so it does not count.
    """
    tried = finished_trials(search.study)
    mean = math.fsum(trial.learning_seconds for trial in tried) / len(tried)
    best = best_of(tried)
    return mean + (best.learning_seconds if best else mean)


def best_of(tried: Sequence[TunedTrial]) -> TunedTrial | None:
    """Return the trial with the smallest loss, the earlier of two equal ones."""
    complete = [(one.log_loss, one.number, one) for one in tried if one.log_loss is not None]
    return min(complete)[-1] if complete else None


def judge_on_test(search: Search, best: TunedTrial) -> Path:
    """Train the best recipe on the whole image set; return its run folder, beside its recipe file.

    The same choice as at the last time is not judged again: its run is there already.
    """
    looks = looks_at_test(search.study)
    if looks and looks[-1]["trial"] == best.number:
        last = search.folder / str(looks[-1]["folder"])
        if (last / "run.json").is_file() and recipe_file(last).is_file():
            search.listen(
                Said("the choice is the same as before, so the test images are not looked at again")
            )
            return last
    recipe = search.recipe
    if best.settings != own_settings(recipe):
        recipe = with_values(recipe, best.settings)[0].changed(
            name=f"{recipe.name}-tuned",
            description=f"{recipe.name} with the settings of trial {best.number}",
        )
    search.listen(
        Said(
            f"trains the recipe of trial {best.number} once more and judges it on "
            f"{counted(len(search.image_set.split('test')), 'test image', ',')}"
        )
    )
    final = _free_place(search.folder)
    trial = Trial(recipe, search.seed)
    # The next call begins with another trial, which must not take the place of this training.
    with scratch(search.folder, trial, search.image_set, ".final") as place:
        _trained(search, trial, search.image_set, place, "the final training")
        with whole_file(recipe_file(final)) as partial:
            partial.write_text(to_toml(recipe), encoding="utf-8")
        place.rename(final)
    record_look(search.study, best.number, final.name)
    return final


def recipe_file(final: Path) -> Path:
    """Return where the recipe of a final run lies: beside its folder."""
    return final.with_name(f"{final.name}.toml")


def _free_place(folder: Path) -> Path:
    """Return the first of ``best``, ``best-2``, … that is neither a run nor a recipe file."""
    places = (folder / (f"best-{number}" if number > 1 else "best") for number in count(1))
    return next(one for one in places if not (one.exists() or recipe_file(one).exists()))
