"""Seeds are added until it is decided: what ends a comparison, and what is said of it."""

from dataclasses import dataclass, replace

import pytest
from support import drawn
from support.heard import Heard

from vgg_transfer.comparison import carry_out, compare, read_comparison, set_up
from vgg_transfer.errors import ComparisonError

# Of 60 images, by seed: staged is always better, and frozen swings too much to say so at once.
SWINGING = (28, 6, 24, 8, 22, 26, 24, 27, 24, 25, 26, 24)
HOLDS = (
    "The intervals hold although the differences were looked at {}: each is of 98.75%, so that all "
    "4 looks that there may be hold together in 95 of 100 comparisons"
)


@dataclass
class Timed(drawn.Engine):
    """Takes its seconds on a clock of its own, and may answer wrongly as the seed says."""

    by_seed: tuple[int, ...] = ()
    now: float = 0.0

    def __call__(self, trial, image_set, folder, listen):
        if trial.recipe.name == "frozen" and self.by_seed:
            self.wrong = {**self.wrong, "frozen": self.by_seed[trial.seed]}
        run = super().__call__(trial, image_set, folder, listen)
        self.now += run.seconds
        return run

    def clock(self):
        return self.now


def swinging(**changes):
    return Timed({"frozen": 0, "staged": 2}, by_seed=SWINGING, **changes)


@pytest.fixture
def carried(tmp_path):
    def run(engine, out="out", names=("frozen", "staged"), listen=None, images=None, **options):
        recipes = [drawn.recipe_of(name) for name in names]
        setup = set_up(recipes, tmp_path / out, **options)
        images = images or drawn.images_of()
        return carry_out(setup, images, engine, listen or Heard(), engine.clock)

    return run


def test_it_ends_at_the_first_look_where_all_is_decided(carried, tmp_path):
    engine = Timed({"frozen": 30, "staged": 2})
    found = carried(engine, until="decided")
    assert engine.trained[-1] == "staged-seed2"
    assert len(engine.trained) == 6
    (pair,) = found.pairs
    assert pair.distinguishable
    assert pair.interval.level == pytest.approx(0.9875)
    ending = found.ending
    assert (ending.why, ending.rounds, ending.looks, ending.most_looks) == ("decided", 3, 1, 4)
    assert (ending.level, ending.minutes, ending.margin) == (0.9875, None, None)
    assert ending.sentence == f"ended after 3 rounds: every pair is decided. {HOLDS}".format(
        "1 time"
    )
    assert read_comparison(tmp_path / "out") == found


def test_one_look_of_several_is_stricter_than_the_only_one(carried):
    engine = Timed({"frozen": 30, "staged": 2})
    (strict,) = carried(engine, until="decided").pairs
    fixed = carried(engine, out="fixed")
    assert fixed.ending is None
    (only,) = fixed.pairs
    assert only.interval.level == 0.95
    assert strict.interval.low < only.interval.low
    assert (strict.p_value, strict.difference) == (only.p_value, only.difference)


def test_it_goes_on_round_by_round_while_it_is_open(carried):
    saying, engine = Heard(), swinging()
    found = carried(engine, until="decided", listen=saying)
    assert found.ending.why == "decided"
    assert found.ending.rounds == len(found.seeds) > 3
    assert len(engine.trained) == 2 * found.ending.rounds
    assert saying.lines[0] == "look 1, after 3 rounds: 0 of 1 pair decided"
    assert saying.titles[0] == "trial 1 of at most 24: frozen, seed 0"


def test_equal_within_the_margin(carried):
    engine = Timed({"frozen": 3, "staged": 3})
    found = carried(engine, until="decided", margin=0.1)
    assert found.ending.why == "decided"
    (pair,) = found.pairs
    assert (pair.distinguishable, pair.equal_within) == (False, 0.1)
    assert -0.1 <= pair.interval.low < 0 < pair.interval.high <= 0.1
    assert found.verdicts[0] == (
        f"frozen and staged are equal within 10 points: they differ by 0.0 points {pair.interval}"
    )


def test_a_margin_counts_for_a_fixed_number_of_seeds_as_well(carried):
    engine = Timed({"frozen": 3, "staged": 3})
    (pair,) = carried(engine, seeds=3, margin=0.1).pairs
    assert (pair.equal_within, pair.interval.level) == (0.1, 0.95)


def test_it_gives_up_where_more_seeds_would_not_help(carried):
    """Seeds that all have the same accuracy: what is left open is due to the images alone."""
    found = carried(Timed({"frozen": 3, "staged": 3}), until="decided")
    assert (found.ending.why, found.ending.rounds) == ("out of reach", 3)
    assert found.pairs[0].out_of_reach
    assert "3 rounds: more seeds would most likely not decide what is open. The" in (
        found.ending.sentence
    )


def test_it_ends_before_a_round_that_the_time_does_not_allow(carried):
    """A round takes 20 s: four of them fit into 90 s, and the second look is after the fifth."""
    engine = swinging()
    found = carried(engine, minutes=1.5)
    assert len(engine.trained) == 8
    assert found.seeds == (0, 1, 2)
    assert (found.ending.why, found.ending.rounds, found.ending.minutes) == ("time", 3, 1.5)
    assert found.ending.sentence.startswith(
        "ended after 3 rounds: the next look comes after 5 rounds, and 4 of them are trained; one "
        "more would take about 20 s, and 10 s of 1.5 min are left; the same command goes on from "
        "there. The intervals hold"
    )
    assert len(found.pairs) == 1


def test_the_same_again_goes_on_and_says_what_an_undisturbed_one_says(carried):
    carried(swinging(), minutes=1.5)
    engine = swinging()
    found = carried(engine, minutes=100)
    assert engine.trained[:2] == ["frozen-seed4", "staged-seed4"]
    whole = carried(swinging(), out="never ended", minutes=100)
    assert found.to_dict() == whole.to_dict()


def test_time_that_is_up_at_once_says_what_was_said_before(carried):
    before = carried(swinging(), minutes=1.5)
    engine = swinging()
    again = carried(engine, minutes=0.01)
    assert "of 0.01 min are left; the same command with more minutes goes on" in (
        again.ending.sentence
    )
    assert engine.trained == []
    assert (again.pairs, again.standings) == (before.pairs, before.standings)


def test_what_was_killed_within_a_round_is_kept(carried):
    engine = swinging(fails={"staged-seed3": KeyboardInterrupt()})
    with pytest.raises(KeyboardInterrupt):
        carried(engine, until="decided")
    engine = swinging()
    found = carried(engine, until="decided")
    assert engine.trained[0] == "staged-seed3"
    assert found.to_dict() == carried(swinging(), out="whole", until="decided").to_dict()


def test_rounds_that_became_slow_end_it_within_a_step_with_the_last_verdict(carried):
    @dataclass
    class Slower(Timed):
        def __call__(self, trial, image_set, folder, listen):
            self.seconds = dict.fromkeys(self.wrong, 100.0 if trial.seed == 3 else 10.0)
            return super().__call__(trial, image_set, folder, listen)

    engine = Slower({"frozen": 0, "staged": 2}, by_seed=SWINGING)
    found = carried(engine, minutes=2.5)
    assert engine.trained[-1] == "staged-seed3"
    assert (found.ending.why, found.ending.rounds, found.seeds) == ("time", 3, (0, 1, 2))


def test_without_time_for_the_first_look_there_are_levels_and_no_verdict(carried):
    engine = swinging()
    found = carried(engine, minutes=0.5)
    assert len(engine.trained) == 2
    assert (found.ending.why, found.ending.rounds, found.ending.looks) == ("time", 0, 0)
    assert found.verdicts == (
        "no verdict yet: ended before the first look: the next look comes after 3 rounds, and "
        "1 of them is trained; one more would take about 20 s, and 10 s of 0.5 min are left; the "
        "same command goes on from there",
    )
    assert (found.pairs, found.recommendation, len(found.standings)) == ((), "", 2)


def test_filling_stores_is_not_expected_again(carried):
    """The first round takes 100 s, of which 80 filled stores: two more take 20 s each."""
    filled = {f"{name}-seed0": (drawn.Filled("s", 9, 9, 40.0),) for name in ("frozen", "staged")}

    @dataclass
    class First(Timed):
        def __call__(self, trial, image_set, folder, listen):
            self.seconds = dict.fromkeys(self.wrong, 10.0 if trial.seed else 50.0)
            return super().__call__(trial, image_set, folder, listen)

    engine = First({"frozen": 30, "staged": 2}, filled=filled)
    assert carried(engine, minutes=150 / 60).ending.why == "decided"


def test_the_most_seeds_end_it(carried):
    found = carried(swinging(), until="decided", seeds=3)
    assert (found.ending.why, found.ending.most_looks) == ("rounds", 1)
    assert "after 3 rounds: there are no more looks." in found.ending.sentence


def test_two_seeds_of_a_recipe_are_too_few_to_end_by(carried):
    engine = Timed({"frozen": 30, "staged": 2}, fails={"staged-seed0": MemoryError("no room")})
    found = carried(engine, until="decided")
    assert (found.ending.why, found.ending.rounds) == ("decided", 5)


def test_where_a_recipe_cannot_be_trained_it_ends(carried):
    fails = {f"staged-seed{seed}": MemoryError("no room") for seed in range(12)}
    found = carried(Timed({"frozen": 30}, fails=fails), until="decided")
    assert (found.ending.why, found.ending.rounds) == ("failures", 3)
    assert found.pairs == ()


def test_a_verdict_that_can_never_come_is_refused_before_anything_is_trained(carried, tmp_path):
    engine = swinging()
    with pytest.raises(ComparisonError) as caught:
        carried(engine, until="decided", images=drawn.images_of(test=29))
    assert str(caught.value) == (
        "this comparison would never be decided: 29 test images are too few, 30 are needed. Put "
        "more images into the test split (--test, --val), or leave out --minutes and --until"
    )
    assert (engine.trained, list(tmp_path.iterdir())) == ([], [])


def test_from_python(tmp_path):
    recipes = [drawn.recipe_of("frozen"), drawn.recipe_of("staged")]
    engine = drawn.Engine({"frozen": 3, "staged": 3})
    found = compare(
        drawn.images_of(), recipes, tmp_path / "out", engine=engine, minutes=5, margin=0.1
    )
    assert (found.ending.why, found.ending.margin) == ("decided", 0.1)
    assert replace(found, ending=None).to_dict()["ending"] is None


def test_all_that_is_wrong_with_the_options_is_said_at_once():
    recipes = [drawn.recipe_of("frozen"), drawn.recipe_of("staged")]
    with pytest.raises(ComparisonError) as caught:
        set_up(recipes, "nowhere", seeds=4, minutes=0, until="tomorrow", margin=1.0)
    assert str(caught.value).splitlines() == [
        "with minutes or until the differences are looked at after 3, 5, 8 and 12 seeds, and seeds "
        "is the most of each recipe, received 4: choose one of these numbers, or leave it out",
        "a comparison needs a time of more than 0 minutes, received 0",
        'a comparison goes on until "decided" or has no `until`, received "tomorrow"',
        "the margin within which recipes are equal must be more than 0 and less than 100 points (1 "
        "in Python), received 100 points: 1 point is a good start (--margin 1; margin=0.01)",
    ]
