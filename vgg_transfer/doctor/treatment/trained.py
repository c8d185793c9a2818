"""The trainings of a treatment, one after another; what is there already is not repeated."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vgg_transfer import run as record
from vgg_transfer.errors import ComparisonError, TrainingError
from vgg_transfer.events import Listener, Said, TrialBegan, TrialEnded
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import Engine, trained_or_failed
from vgg_transfer.trials.folder import finished_run, scratch, with_progress
from vgg_transfer.trials.trial import Trial

_REMEDY = "Move it away, and it is trained again"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold the folder of a treatment; make it where there is none yet.

    Raises:
        ComparisonError: another process is at work in it, or it cannot be made.
    """
    lock = FileLock(folder / "treatment.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise ComparisonError(
            f'another process is at work in "{folder}": wait for its end'
        ) from None
    except OSError as error:
        raise ComparisonError(f'cannot write to "{folder}": {error.strerror or error}') from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class Trials:
    """What all trainings of a treatment have in common.

    Args:
        folder: where their run folders lie.
        images: the images, as ``images_for_trials`` returns them.
        engine: trains one.
        listen: is given what happens, as events.
    """

    folder: Path
    images: ImageSet
    engine: Engine
    listen: Listener

    def missing(self, recipe: Recipe, seeds: Collection[int]) -> int:
        """Return how many trainings of a recipe have not come to their end before."""
        trials = {_trial(recipe, seed) for seed in seeds}
        there = [finished_run(self._place(one), one, self.images, _REMEDY) for one in trials]
        return there.count(None)

    def train(self, recipe: Recipe, seed: int) -> Run | None:
        """Train a recipe with a seed, where that is not done; None where it comes to no end.

        Raises:
            VggTransferError: it cannot begin.
            KeyboardInterrupt: Ctrl-C; the same call goes on.
        """
        trial = _trial(recipe, seed)
        run = finished_run(self._place(trial), trial, self.images, _REMEDY)
        if run is None:
            run = self._trained(trial)
        return run if run is not None and run.status == "complete" else None

    def _place(self, trial: Trial) -> Path:
        return self.folder.absolute() / trial.name

    def _trained(self, trial: Trial) -> Run | None:
        place = self._place(trial)
        with scratch(place.parent, trial, self.images) as path:
            title = f"{trial.recipe.name}, seed {trial.seed}"
            self.listen(TrialBegan(with_progress(title, path)))
            try:
                run = trained_or_failed(self.engine, trial, self.images, path, self.listen)
            except TrainingError as error:
                self.listen(Said(f"the training failed: {' '.join(str(error).split())}"))
                return None
            finally:
                self.listen(TrialEnded())
            if run.status == "interrupted":
                raise KeyboardInterrupt
            path.rename(place)
        return record.read(place)


def _trial(recipe: Recipe, seed: int) -> Trial:
    """Return what is trained; a recipe that only solves the head is the same for every seed."""
    is_solved = all(stage.optimizer == "exact" for stage in recipe.stage)
    return Trial(recipe, 0 if is_solved else seed)
