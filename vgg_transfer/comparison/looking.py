"""Go on until it is decided: train to the next look, judge the differences, and end or go on."""

from dataclasses import replace
from itertools import combinations

from vgg_transfer.comparison.plan import Plan
from vgg_transfer.comparison.record import Comparison, Ending, Why
from vgg_transfer.comparison.table import tabulate
from vgg_transfer.comparison.trainings import Trainings
from vgg_transfer.evaluation import LOOKS
from vgg_transfer.events import Listener, Said
from vgg_transfer.words import counted, duration


def look_by_look(
    plan: Plan, trainings: Trainings, begun: Comparison, listen: Listener
) -> Comparison:
    """Return the comparison as it is at the last look, or at the only one.

    Args:
        plan: when the differences are looked at, and how strictly.
        trainings: the trials, trained as far as they are needed.
        begun: the images that they are judged on, and the folder.
        listen: is told what each look found.
    """
    comparison = begun
    looks = 0
    why: Why = "rounds"
    for rounds in plan.rounds:
        if not trainings.go_on_to(rounds):
            why = "time"
            break
        looks += 1
        comparison = tabulate(trainings.outcomes, begun, plan.look)
        if not plan.has_open_end:
            return comparison
        if found := _nothing_left(comparison):
            why = found
            break
        decided = sum(pair.is_decided for pair in comparison.pairs)
        pairs = counted(len(comparison.pairs), "pair")
        listen(Said(f"look {looks}, after {rounds} rounds: {decided} of {pairs} decided"))
    sentence = _in_words(plan, trainings, looks, why)
    if not looks:
        comparison = _without_verdict(tabulate(trainings.outcomes, begun, plan.look), sentence)
    rounds = plan.rounds[looks - 1] if looks else 0
    look = plan.look
    most = len(plan.rounds)
    ending = Ending(why, sentence, rounds, looks, most, look.level, plan.minutes, look.margin)
    return replace(comparison, ending=ending)


def _nothing_left(comparison: Comparison) -> Why | None:
    """Return why more rounds would be in vain; None where they may decide something."""
    if not comparison.pairs:
        return "failures"
    if _seeds_in_common(comparison) < LOOKS[0]:
        return None  # trials failed, and so few seeds say too little of how much seeds differ
    if all(pair.is_decided for pair in comparison.pairs):
        return "decided"
    is_settled = all(pair.is_decided or pair.out_of_reach for pair in comparison.pairs)
    return "out of reach" if is_settled else None


def _seeds_in_common(comparison: Comparison) -> int:
    """Return on how many seeds that pair is compared which has the fewest."""
    seeds: dict[str, set[int]] = {}
    for trial in comparison.trials:
        if trial.status == "complete":
            seeds.setdefault(trial.recipe, set()).add(trial.seed)
    return min(len(one & other) for one, other in combinations(seeds.values(), 2))


def _in_words(plan: Plan, trainings: Trainings, looks: int, why: Why) -> str:
    """Say why it ended, and what the intervals are worth after so many looks."""
    if not looks:
        return f"ended before the first look: {_no_time(plan, trainings, plan.rounds[0])}"
    reasons = {
        "decided": "every pair is decided",
        "out of reach": "more seeds would most likely not decide what is open",
        "rounds": "there are no more looks",
        "failures": "fewer than two recipes have results",
    }
    reason = reasons[why] if why != "time" else _no_time(plan, trainings, plan.rounds[looks])
    return (
        f"ended after {plan.rounds[looks - 1]} rounds: {reason}. The intervals hold although the "
        f"differences were looked at {counted(looks, 'time')}: each is of {plan.look.level:.2%}, "
        f"so that all {len(LOOKS)} looks that there may be hold together in 95 of 100 comparisons"
    )


def _no_time(plan: Plan, trainings: Trainings, rounds: int) -> str:
    """Say what is missing up to the next look, and how to come there."""
    minutes, done = plan.minutes or 0.0, trainings.rounds
    needed = trainings.seconds_of_next_round
    more = " with more minutes" if needed > 60 * minutes else ""
    left = duration(max(trainings.seconds_left or 0.0, 0.0), "rough")
    trained = f"{done} of them {'is' if done == 1 else 'are'} trained"
    return (
        f"the next look comes after {rounds} rounds, and {trained}; one more would take "
        f"about {duration(needed, 'rough')}, and {left} of {minutes:g} min are left; the same "
        f"command{more} goes on from there"
    )


def _without_verdict(comparison: Comparison, sentence: str) -> Comparison:
    """Return the levels alone: what is not looked at says nothing of differences."""
    return replace(
        comparison,
        pairs=(),
        verdicts=(f"no verdict yet: {sentence}",),
        recommended="",
        recommendation="",
    )
