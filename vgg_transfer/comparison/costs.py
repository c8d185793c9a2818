"""What a trial would have cost alone: who came first paid for activations that others then used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vgg_transfer.run import Run

# Said of a comparison whose seconds are not those of an empty store.
LEFT_OUT = (
    "some stored activations were there before this comparison: the seconds leave out what "
    "computing them takes"
)


def fair_seconds(run: Run, per_row: Mapping[str, float]) -> float:
    """Return the seconds of a run as if it had begun with an empty store.

    What it spent on filling stores is taken out; what its rows cost on average is put in.
    """
    own = sum(one.seconds for one in run.filled)
    # A store that two stages ask is filled once.
    asked: dict[str, int] = {}
    for one in run.filled:
        asked[one.store] = max(one.rows, asked.get(one.store, 0))
    return run.seconds - own + sum(rows * per_row.get(name, 0.0) for name, rows in asked.items())


def seconds_per_row(runs: Sequence[Run]) -> dict[str, float]:
    """Return for each store that these runs filled what a row took, in seconds."""
    rows: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    for one in (filled for run in runs for filled in run.filled):
        rows[one.store] += one.computed
        seconds[one.store] += one.seconds
    return {store: seconds[store] / count for store, count in rows.items() if count}


def uses_unknown(run: Run, per_row: Mapping[str, float]) -> bool:
    """True where a run used stored activations, and none of the runs computed any of them."""
    asked = {one.store for one in run.filled if one.rows}
    return bool(asked) and not asked & per_row.keys()


def peak_memory_mb(run: Run) -> float:
    """Return the most memory that the training's process held, in MB."""
    return max((epoch.peak_memory_mb for epoch in run.history), default=0.0)
