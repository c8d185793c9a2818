"""Before anything is paid: how each stage will see its images, and what is stored for later."""

from collections.abc import Sequence

from vgg_transfer.events import Said
from vgg_transfer.network import Network
from vgg_transfer.network.parts import cut_of
from vgg_transfer.recipe import Stage
from vgg_transfer.training.context import Plan, Session
from vgg_transfer.training.planning.views import (
    Seen,
    decided_by_cost,
    measure_speed,
    seen_by_stages,
)


def plan_stages(session: Session) -> list[Plan]:
    """Return the plan of every stage, and say what was chosen where there was a choice."""
    network = session.network
    stages = network.recipe.stage
    choice = session.cache is not None and any(decided_by_cost(network, stage) for stage in stages)
    speed = measure_speed(network) if choice else 1.0
    seen = seen_by_stages(network, stages, len(session.train), len(session.validation), speed)
    if session.cache is None:
        seen = [Seen(None, 0, one.augmentation) for one in seen]
    for reason, numbers in _reasons(seen).items():
        which = "stages" if len(numbers) > 1 else "stage"
        session.listen(Said(f"{which} {', '.join(map(str, numbers))}: {reason}"))
    return [
        Plan(number, stage, seen[number - 1], _cuts(network, stages, seen, number - 1))
        for number, stage in enumerate(stages, start=1)
    ]


def _reasons(seen: Sequence[Seen]) -> dict[str, list[int]]:
    """Return the reasons that were given, each with the numbers of its stages."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(seen, start=1):
        if one.reason:
            found.setdefault(one.reason, []).append(number)
    return found


def _cuts(
    network: Network, stages: Sequence[Stage], seen: Sequence[Seen], place: int
) -> tuple[str, ...]:
    """Return the stage's own cut, and the lower ones that later stages will need of the same pass.

    A later cut counts where no block below it trains until then, so that its activations stay
    what they are now, and where the same views are wanted at the same size.
    """
    own = seen[place].cut
    if own is None:
        return ()
    blocks, size_of = list(network.blocks), network.recipe.size_of
    cuts = {own}
    lowest_trained = blocks.index(cut_of(network, stages[place].train) or blocks[0])
    for later, stage in zip(seen[place + 1 :], stages[place + 1 :], strict=True):
        same_views = (later.views, later.augmentation.of_one_image, size_of(stage)) == (
            seen[place].views,
            seen[place].augmentation.of_one_image,
            size_of(stages[place]),
        )
        if later.cut and same_views and blocks.index(later.cut) <= lowest_trained:
            cuts.add(later.cut)
        lowest_trained = min(
            lowest_trained, blocks.index(cut_of(network, stage.train) or blocks[0])
        )
    return tuple(
        sorted((cut for cut in cuts if blocks.index(cut) <= blocks.index(own)), key=blocks.index)
    )
