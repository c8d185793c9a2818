"""Whether frozen blocks compute in int8: the choice and what is said of it, on made-up machines."""

import pytest
from support.heard import Heard

from vgg_transfer.activations.room import NoRoom
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Augmentation, Base, Recipe, Stage
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import Device
from vgg_transfer.training.planning import frozen
from vgg_transfer.training.planning.frozen import choose_int8, gflop_to_store
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.planning.views import ViewChoice

HEAD = Stage(train=("head",))
EXTRA = 'it needs OpenVINO: pip install "vgg-transfer[fast]"'


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine that has everything, on which int8 loses 0.2%; return a function that changes it.

    ``asked`` of it counts how often int8 was tried.
    """

    def become(in_hardware=True, lacking=None, lost=0.002, least=0.0):
        def tried(network, cut, *_):
            become.asked.append((network.recipe.size, cut))
            if isinstance(lost, Exception):
                raise lost
            return lost

        monkeypatch.setattr(frozen, "cpu_has_int8", lambda: in_hardware)
        monkeypatch.setattr(frozen, "lacks_int8", lambda: lacking)
        monkeypatch.setattr(frozen, "share_lost", tried)
        monkeypatch.setattr(frozen, "LEAST_GFLOP", least)

    become.asked = []
    become()
    return become


@pytest.fixture
def chosen(images, tmp_path):
    """Return a function from a recipe's settings to the choice and what was said."""

    def choose(plans=None, gpu=False, cache=True, **settings):
        context = in_context(images, tmp_path if cache else None, gpu, **settings)
        found = choose_int8(context, plans or [plan("head")])
        return found.int8, context.listen.lines

    return choose


def in_context(images, cache, gpu=False, **settings):
    base = settings.pop("base", Base(weights="none", blocks=3, width=0.1))
    recipe = Recipe(size=32, base=base, **{"stage": (HEAD,), **settings})
    network = build_network(recipe, 2, None, 0)
    device = Device("a machine", "fp32", "the test asks for it", jit_compile=gpu)
    return Context(network, images, device, 0, Heard(), None, cache)


def plan(cut, views=0, augmentation=None, size=None):
    stage = HEAD.changed(size=size) if size else HEAD
    choice = ViewChoice(cut, views, augmentation or Augmentation())
    return StagePlan(1, stage, choice, (cut,) if cut else ())


def test_int8_is_taken_where_everything_speaks_for_it(chosen, images, machine):
    int8, said = chosen()
    digests = [record.digest for record in int8.records]
    assert digests == sorted(record.digest for record in images.split("train"))[:100]
    assert said == [
        f"frozen blocks compute in int8 (ranges from {len(digests)} training images; it keeps "
        "99.8% of what tells validation images apart)"
    ]
    assert machine.asked == [(32, "head")]


@pytest.mark.parametrize(
    "settings",
    [
        {"frozen_precision": "same"},
        {"precision": "fp32"},
        {"precision": "bf16"},
        {"base": Base(weights="none", blocks=3, width=0.1, batch_norm=True)},
        {"gpu": True},
        {"cache": False},
        {"plans": [plan(None)]},
    ],
    ids=str,
)
def test_nothing_is_tried_or_said_where_int8_is_out_of_the_question(chosen, machine, settings):
    assert chosen(**settings) == (None, [])
    assert machine.asked == []


def test_a_processor_without_the_instructions_computes_as_before(chosen, machine):
    machine(in_hardware=False, lacking="the processor has none of amx_int8")
    assert chosen() == (None, [])
    assert machine.asked == []


def test_a_short_pass_is_not_worth_the_calibration(chosen, machine):
    machine(least=1e3)
    assert chosen() == (None, [])
    assert machine.asked == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"lacking": EXTRA}, EXTRA),
        ({"lost": 0.011}, "of what tells validation images apart it would lose 1.1%"),
        ({"lost": float("inf")}, "of what tells validation images apart it would lose 100.0%"),
        ({"lost": NoRoom("a store could not be written")}, "a store could not be written"),
    ],
    ids=["extra", "loss", "no difference", "disk"],
)
def test_why_not_is_said_where_it_would_pay(chosen, machine, settings, reason):
    machine(**settings)
    assert chosen() == (None, [f"frozen blocks do not compute in int8: {reason}"])


def test_a_loss_of_one_percent_is_accepted(chosen, machine):
    machine(lost=0.01)
    assert chosen()[0] is not None


def test_who_asks_for_int8_gets_it_untried(chosen, machine, images):
    machine(in_hardware=False, lost=1.0, least=1e9)
    int8, said = chosen(frozen_precision="int8", precision="bf16", gpu=True)
    assert int8 is not None
    assert said == [
        f"frozen blocks compute in int8 (ranges from {len(int8.records)} training images)"
    ]
    assert machine.asked == []


def test_it_is_tried_where_most_is_computed(chosen, machine):
    chosen([plan("block2"), plan("head", size=64), plan("block3", size=64)])
    assert machine.asked == [(64, "head")]


def test_the_work_counts_every_view_once(images, tmp_path, monkeypatch):
    monkeypatch.setattr(frozen, "gflop_around", lambda _, cut, size: (size * len(cut), 0.0))
    context = in_context(images, tmp_path)
    train, validation = len(context.train), len(context.validation)
    turned = Augmentation(rotation=20.0)
    one = [plan("head", 4, turned)]
    # 32 px and four letters: 128 billion operations an image.
    assert gflop_to_store(context, one) == 128 * (4 * train + validation)
    # The same views at a lower cut come with them; another size and other views do not.
    assert gflop_to_store(context, [*one, plan("low", 4, turned)]) == gflop_to_store(context, one)
    more = gflop_to_store(context, [*one, plan("head"), plan("head", 4, turned, size=64)])
    plain, larger = 128 * (train + validation), 256 * (4 * train + validation)
    assert more == gflop_to_store(context, one) + plain + larger
