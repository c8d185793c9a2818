"""The trials of a comparison, trained in their order, and the time they take."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.comparison.setup import ComparisonSetup
from vgg_transfer.comparison.table import Outcome
from vgg_transfer.errors import ImageSetError, RecipeError, VggTransferError, WeightsError
from vgg_transfer.events import Listener, Said, TrialBegan, TrialEnded
from vgg_transfer.images import ImageSet
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import Engine, trained_or_failed
from vgg_transfer.trials.folder import finished_run, goes_on, scratch, seconds_before, with_progress
from vgg_transfer.trials.in_turn import at_once, in_turn
from vgg_transfer.trials.trial import Trial

# What a recipe asks for and cannot have, whatever the seed.
_SAME_FOR_EVERY_SEED = (RecipeError, WeightsError, ImageSetError)
_REMEDY = "Choose another --out, give a changed recipe a name of its own, or move the folder away"


class Trainings:
    """The outcomes so far, in the order of the trials, and what is needed for the next.

    Args:
        setup: the trials, and the folder of the comparison.
        image_set: the images to train on.
        engine: trains a trial.
        listen: is given what happens, as events.
        clock: seconds that pass.

    Raises:
        RunError: one of the run folders holds something else.
    """

    def __init__(
        self,
        setup: ComparisonSetup,
        image_set: ImageSet,
        engine: Engine,
        listen: Listener,
        clock: Callable[[], float],
    ) -> None:
        self.outcomes: list[Outcome] = []
        self._setup, self._image_set = setup, image_set
        self._engine, self._listen, self._clock = engine, listen, clock
        self._began = clock()
        self._there = [
            finished_run(setup.place_of(one), one, image_set, _REMEDY) for one in setup.trials
        ]
        self._took: dict[str, list[float]] = {}  # by recipe: the seconds of its trials

    @property
    def done_before(self) -> int:
        """How many trials had come to their end before this call."""
        return len(self._there) - self._there.count(None)

    @property
    def seconds_left(self) -> float | None:
        """What is left of the time; None where there is no end to it."""
        minutes = self._setup.plan.minutes
        return None if minutes is None else 60 * minutes - (self._clock() - self._began)

    @property
    def rounds(self) -> int:
        """How many rounds have come to their end."""
        return len(self.outcomes) // self._trials_in(1)

    @property
    def seconds_of_next_round(self) -> float:
        """What the trials that are missing of the next round will most likely take."""
        missing = [
            self._expected(self._setup.trials[number].recipe.name)
            for number in range(len(self.outcomes), self._trials_in(self.rounds + 1))
            if self._there[number] is None
        ]
        return max([sum(missing) / at_once(self._engine), *missing])

    def go_on_to(self, rounds: int) -> bool:
        """Train what is missing up to this round; False where the time that is left is too short.

        It is asked before every round, so that none begins that cannot end in time; the very first
        is always begun, since nothing is known of it. Without an end to the time trials of
        different rounds may run at once, where the engine can do that.
        """
        while (done := self.rounds) < rounds:
            left = self.seconds_left
            if left is not None and self.seconds_of_next_round > max(left, 0):
                return False
            end = self._trials_in(rounds if left is None else done + 1)
            numbers = range(len(self.outcomes), end)
            tasks = [partial(self._come_to_the_end_of, number) for number in numbers]
            for outcome, seconds in in_turn(tasks, self._engine, self._listen):
                self._note(outcome, seconds)
        return True

    def _trials_in(self, rounds: int) -> int:
        """Return how many trials so many rounds have."""
        return rounds * len(self._setup.trials) // self._setup.plan.rounds[-1]

    def _expected(self, recipe: str) -> float:
        """Return the seconds of the next trial: its first one filled stores for the later ones."""
        took = self._took.get(recipe, [])
        later = took[1:] or took
        return sum(later) / len(later) if later else 0.0

    def _come_to_the_end_of(self, number: int, listen: Listener) -> tuple[Outcome, float]:
        """Return how a trial ended, and the seconds it took."""
        trial, run = self._setup.trials[number], self._there[number]
        if run is not None:
            return _ended(trial, run), run.seconds
        began = self._clock()
        at_most = "at most " if self._setup.plan.has_open_end else ""
        of_all = f"of {at_most}{len(self._setup.trials)}"
        title = f"trial {number + 1} {of_all}: {trial.recipe.name}, seed {trial.seed}"
        before = 0.0
        if known := self._known_to_fail(trial):
            outcome = known
            listen(TrialBegan(title))
        else:
            outcome, before = self._run(trial, title, listen)
        listen(TrialEnded())
        if outcome.reason:
            listen(Said(f"the trial failed: {outcome.reason}"))
        return outcome, before + self._clock() - began

    def _note(self, outcome: Outcome, seconds: float) -> None:
        took = self._took.setdefault(outcome.recipe, [])
        filling = sum(one.seconds for one in outcome.run.filled) if outcome.run else 0.0
        # The first trial of a recipe fills the stores that the others read.
        took.append(max(seconds - filling, 0.0) if not took else seconds)
        self.outcomes.append(outcome)

    def _run(self, trial: Trial, title: str, listen: Listener) -> tuple[Outcome, float]:
        """Train one trial; whatever goes wrong in it becomes its outcome.

        Return it with the seconds that the trial had taken before this call.
        """
        place = self._setup.place_of(trial)
        hidden = self._hidden_name(trial, place)
        with scratch(place.parent, trial, self._image_set, hidden) as path:
            before = seconds_before(path)
            listen(TrialBegan(with_progress(title, path)))
            try:
                run = trained_or_failed(self._engine, trial, self._image_set, path, listen)
            except Exception as error:
                hopeless = isinstance(error, _SAME_FOR_EVERY_SEED)
                outcome = Outcome(trial.recipe.name, trial.seed, None, _reason(error), hopeless)
                return outcome, before
            if run.status == "interrupted":
                raise KeyboardInterrupt
            path.rename(place)
        return _ended(trial, record.read(place)), before

    def _hidden_name(self, trial: Trial, place: Path) -> str:
        """Return in which hidden folder a trial is trained: where it was begun, if it was.

        Else in the one of all trials, of which there is one; or in one of its own where several
        run at once.
        """
        names = (".trial", f".{place.name}")
        for name in names:
            if goes_on(place.parent / name / "run", trial, self._image_set):
                return name
        return names[at_once(self._engine) > 1]

    def _known_to_fail(self, trial: Trial) -> Outcome | None:
        """Return the outcome of a trial that would fail as another seed of its recipe did."""
        for one in self.outcomes:
            if one.recipe == trial.recipe.name and one.fails_with_every_seed:
                return replace(one, seed=trial.seed)
        return None


def _ended(trial: Trial, run: Run) -> Outcome:
    """Return the outcome of a run that is in its place."""
    reason = run.stages[-1].ended if run.status == "failed" else ""
    return Outcome(trial.recipe.name, trial.seed, run, reason)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, VggTransferError) else f"{type(error).__name__}: {text}"
