"""The plan of every stage, before anything is paid: what it reads, and what it stores for later."""

from collections.abc import Sequence
from dataclasses import dataclass

from vgg_transfer.events import Said
from vgg_transfer.network import Network
from vgg_transfer.network.parts import cut_of
from vgg_transfer.recipe import Stage
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.cost import seconds_per_gflop
from vgg_transfer.training.planning.views import ViewChoice, choose_views, decided_by_cost


@dataclass(frozen=True)
class StagePlan:
    """What is settled of a stage before the training begins.

    Args:
        number: its place in the recipe, from 1.
        stage: the stage itself.
        choice: how it sees its images.
        cuts: its own and those that later stages will need, lowest first; all are filled in one
            pass. Empty where it stores nothing.
    """

    number: int
    stage: Stage
    choice: ViewChoice
    cuts: tuple[str, ...]


def plan_stages(context: Context) -> list[StagePlan]:
    """Return the plan of every stage, and say what was chosen where there was a choice."""
    network = context.network
    stages = network.recipe.stage
    train, validation = len(context.train), len(context.validation)
    measured = context.cache is not None and any(decided_by_cost(network, one) for one in stages)
    speed = seconds_per_gflop(network) if measured else 1.0
    plans = plans_of(network, train, validation, context.cache is not None, speed)
    choices = [plan.choice for plan in plans]
    for reason in dict.fromkeys(one.reason for one in choices if one.reason):
        numbers = [str(n) for n, one in enumerate(choices, start=1) if one.reason == reason]
        which = "stages" if len(numbers) > 1 else "stage"
        context.listen(Said(f"{which} {', '.join(numbers)}: {reason}"))
    return plans


def plans_of(
    network: Network, train: int, validation: int, stores: bool, seconds_per_gflop: float = 1.0
) -> list[StagePlan]:
    """Return the plan of every stage of the network's recipe.

    Args:
        network: the network with its recipe.
        train: the number of training images.
        validation: the number of validation images.
        stores: whether activations are stored.
        seconds_per_gflop: how long the machine takes for a billion operations; only the words of
            the choices depend on it.
    """
    stages = network.recipe.stage
    choices = choose_views(network, stages, train, validation, seconds_per_gflop)
    if not stores:
        choices = [ViewChoice(None, 0, one.augmentation) for one in choices]
    return [
        StagePlan(number, stage, choices[number - 1], _cuts(network, stages, choices, number - 1))
        for number, stage in enumerate(stages, start=1)
    ]


def _cuts(
    network: Network, stages: Sequence[Stage], choices: Sequence[ViewChoice], place: int
) -> tuple[str, ...]:
    """Return the stage's own cut, and the lower ones that later stages will need of the same pass.

    A later cut counts where no block below it trains until then, so that its activations stay
    what they are now, and where the same views are wanted at the same size.
    """
    own = choices[place].cut
    if own is None:
        return ()
    blocks = list(network.blocks)

    def views_of(at: int) -> tuple[object, ...]:
        size = network.recipe.size_of(stages[at])
        return choices[at].views, choices[at].augmentation.of_one_image, size

    def lowest_trained(at: int) -> int:
        return blocks.index(cut_of(network, stages[at].train) or blocks[0])

    cuts, lowest = {own}, lowest_trained(place)
    for later in range(place + 1, len(stages)):
        cut = choices[later].cut
        if cut and views_of(later) == views_of(place) and blocks.index(cut) <= lowest:
            cuts.add(cut)
        lowest = min(lowest, lowest_trained(later))
    return tuple(block for block in (*network.below(own), own) if block in cuts)
