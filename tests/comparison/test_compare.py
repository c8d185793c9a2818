"""A comparison with drawn trainings: what is run, what is kept, what the table says."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from support import drawn
from support.heard import Heard

from vgg_transfer.comparison import compare, read_comparison
from vgg_transfer.errors import ComparisonError, RunError, TrainingError, WeightsError
from vgg_transfer.recipe import named
from vgg_transfer.run import Filled
from vgg_transfer.run import read as read_run

NAMES = ("frozen", "staged")


@pytest.fixture
def compared(tmp_path):
    """Compare drawn trainings: frozen answers 12 of 60 test images wrongly, staged 6."""

    def run(engine=None, out="out", names=NAMES, images=None, **options):
        engine = engine or drawn.Engine({"frozen": 12, "staged": 6, "full": 6})
        recipes = [drawn.recipe_of(name) for name in names]
        images = images or drawn.images_of()
        return compare(images, recipes, tmp_path / out, engine=engine, **options)

    return run


def test_the_table_says_what_the_runs_say(compared, tmp_path):
    engine = drawn.Engine({"frozen": 12, "staged": 6}, seconds={"frozen": 10.0, "staged": 60.0})
    found = compared(engine)
    assert engine.trained == [f"{name}-seed{seed}" for seed in range(3) for name in NAMES]
    assert [(one.name, one.accuracy, one.seconds) for one in found.standings] == [
        ("staged", pytest.approx(0.9), 60.0),
        ("frozen", pytest.approx(0.8), 10.0),
    ]
    assert found.standings[0].by_seed == pytest.approx((0.9, 0.9, 0.9))
    assert found.standings[0].deviation == pytest.approx(0.0)
    assert found.standings[0].peak_memory_mb == 500.0
    assert (found.judged_on, found.test_images, found.seeds) == ("test", 60, (0, 1, 2))
    (pair,) = found.pairs
    assert (pair.first, pair.second) == ("staged", "frozen")
    assert pair.difference == pytest.approx(0.1)
    assert len(found.verdicts) > 0
    assert found.recommended in NAMES
    assert found.notes == ()
    assert [trial.folder for trial in found.trials] == [f"trials/{name}" for name in engine.trained]
    assert read_comparison(tmp_path / "out") == found
    assert read_run(tmp_path / "out" / "trials" / "staged-seed2").seed == 2


def test_recipes_may_be_names(tmp_path):
    engine = drawn.Engine({"frozen": 12, "probe": 6})
    found = compare(
        drawn.images_of(), ["frozen", named("probe")], tmp_path / "out", seeds=1, engine=engine
    )
    assert [one.name for one in found.standings] == ["probe", "frozen"]


def test_a_second_call_runs_nothing_and_says_the_same(compared, tmp_path):
    first = compared()
    before = (tmp_path / "out" / "comparison.json").read_bytes()
    engine, saying = drawn.Engine({}), Heard()
    assert compared(engine, listen=saying) == first
    assert engine.trained == []
    assert (tmp_path / "out" / "comparison.json").read_bytes() == before
    assert saying.lines == ["6 of 6 trials have come to their end before"]


def test_seeds_and_recipes_can_be_added(compared):
    compared(seeds=1)
    engine = drawn.Engine({"frozen": 12, "staged": 6, "full": 6})
    found = compared(engine, names=(*NAMES, "full"), seeds=2)
    assert engine.trained == ["full-seed0", "frozen-seed1", "staged-seed1", "full-seed1"]
    at_once = compared(out="at once", names=(*NAMES, "full"), seeds=2)
    assert found.to_dict() == at_once.to_dict()
    assert len(found.pairs) == 3


def test_a_comparison_that_was_broken_off_continues_to_the_same_table(compared):
    class Stopping(drawn.Engine):
        def __call__(self, trial, image_set, folder, listen):
            if len(self.trained) == 3:
                (folder.parent / "half").write_text("written")
                raise KeyboardInterrupt
            return super().__call__(trial, image_set, folder, listen)

    stopping = Stopping({"frozen": 12, "staged": 6})
    with pytest.raises(KeyboardInterrupt):
        compared(stopping)
    engine = drawn.Engine({"frozen": 12, "staged": 6})
    found = compared(engine)
    names = [f"{trial.recipe}-seed{trial.seed}" for trial in found.trials]
    assert stopping.trained + engine.trained == names
    assert found.to_dict() == compared(out="never stopped").to_dict()


def test_what_a_killed_comparison_left_is_taken_away(compared, tmp_path):
    compared(seeds=1)
    for left in (".trial", ".staged-seed1.0123abcd.partial"):  # the latter by the first versions
        (tmp_path / "out" / "trials" / left / "run").mkdir(parents=True)
    found = compared(seeds=2)
    assert [trial.status for trial in found.trials] == ["complete"] * 4
    hidden = [path.name for path in (tmp_path / "out").rglob(".*")]
    assert hidden == []


def test_a_trial_that_crashes_is_tried_again_at_the_next_call(compared):
    wrong = {"frozen": 12, "staged": 6}
    engine = drawn.Engine(wrong, fails={"staged-seed1": MemoryError("no\n room")})
    saying = Heard()
    found = compared(engine, listen=saying)
    assert "the trial failed: MemoryError: no room" in saying.lines
    (trial,) = [one for one in found.trials if one.status == "failed"]
    assert (trial.recipe, trial.seed, trial.folder) == ("staged", 1, "")
    assert (trial.reason, trial.accuracy) == ("MemoryError: no room", None)
    assert found.notes == (
        "staged with seed 1 failed: MemoryError: no room; the same command tries again",
    )
    assert [len(one.by_seed) for one in found.standings] == [2, 3]
    assert len(found.pairs) == 1

    engine = drawn.Engine(wrong)
    assert compared(engine).to_dict() == compared(out="never failed").to_dict()
    assert engine.trained == ["staged-seed1"]


def test_what_no_seed_can_have_is_tried_once_in_a_call(compared):
    fails = {f"staged-seed{seed}": WeightsError("no such file") for seed in range(3)}
    engine = drawn.Engine({"frozen": 12}, fails=fails)
    found = compared(engine)
    assert engine.trained == ["frozen-seed0", "staged-seed0", "frozen-seed1", "frozen-seed2"]
    assert found.notes == (
        "staged with seeds 0, 1, 2 failed: no such file; the same command tries again",
    )
    assert [trial.seed for trial in found.trials if trial.status == "failed"] == [0, 1, 2]


def test_a_loss_that_is_no_number_is_recorded_and_not_run_again(compared, tmp_path):
    class Diverging(drawn.Engine):
        def __call__(self, trial, image_set, folder, listen):
            if trial.recipe.name == "staged":
                self.trained.append(trial.name)
                drawn.write_run(trial.recipe, trial.seed, image_set, folder, status="failed")
                raise TrainingError(f"the loss became nan. The last good weights are in {folder}")
            return super().__call__(trial, image_set, folder, listen)

    found = compared(Diverging({"frozen": 12, "full": 6}), names=(*NAMES, "full"), seeds=1)
    place = tmp_path / "out" / "trials" / "staged-seed0"
    assert found.trials[1].reason == "the loss became nan"
    assert found.trials[1].folder == "trials/staged-seed0"
    assert [one.name for one in found.standings] == ["full", "frozen"]
    assert found.notes == (
        f"staged with seed 0 failed: the loss became nan; it is not run again unless you move "
        f'"{place}" away',
    )
    assert read_run(place).status == "failed"

    engine = drawn.Engine({})
    assert compared(engine, names=(*NAMES, "full"), seeds=1) == found
    assert engine.trained == []
    shutil.move(place, tmp_path / "away")
    engine = drawn.Engine({"staged": 3})
    assert len(compared(engine, names=(*NAMES, "full"), seeds=1).standings) == 3
    assert engine.trained == ["staged-seed0"]


def test_pairs_use_the_seeds_that_both_have(compared):
    fails = {"staged-seed0": MemoryError(), "full-seed2": MemoryError()}
    engine = drawn.Engine({"frozen": 12, "staged": 6, "full": 6}, fails=fails)
    found = compared(engine, names=(*NAMES, "full"))
    assert {one.name: len(one.by_seed) for one in found.standings} == {
        "frozen": 3,
        "staged": 2,
        "full": 2,
    }
    assert len(found.pairs) == 3


def test_where_only_one_recipe_came_to_its_end_there_is_no_verdict(compared):
    fails = {"staged-seed0": MemoryError("gone")}
    found = compared(drawn.Engine({"frozen": 12}, fails=fails), seeds=1)
    assert found.verdicts == (
        'no verdict: it needs two recipes, and no trials but those of "frozen" came to their end',
    )
    assert (found.pairs, found.recommendation) == ((), "")

    fails["frozen-seed0"] = MemoryError("gone")
    found = compared(drawn.Engine({}, fails=fails), out="nothing", seeds=1)
    assert found.standings == ()
    assert found.verdicts == ("no verdict: it needs two recipes, and no trials came to their end",)


def test_an_interrupted_training_is_no_trial(compared, tmp_path):
    def interrupted(trial, image_set, folder, listen):
        return drawn.write_run(trial.recipe, 0, image_set, folder, status="interrupted")

    with pytest.raises(KeyboardInterrupt):
        compared(interrupted)
    assert list((tmp_path / "out" / "trials").iterdir()) == []
    with pytest.raises(ComparisonError, match="has not come to its end"):
        read_comparison(tmp_path / "out")


def test_one_seed_works_and_says_that_the_spread_is_unknown(compared):
    found = compared(seeds=1)
    assert all(one.deviation is None for one in found.standings)
    assert "spread" in " ".join(found.verdicts)
    assert len(found.pairs) == 1


def test_few_test_images_get_levels_and_no_verdict(compared):
    saying = Heard()
    engine = drawn.Engine({"frozen": 12, "staged": 6})
    found = compared(engine, images=drawn.images_of(test=29), seeds=1, listen=saying)
    assert saying.lines[0] == "there will be no verdict: 29 test images are too few, 30 are needed"
    assert [one.name for one in found.standings] == ["staged", "frozen"]
    assert (found.pairs, found.recommended, found.recommendation) == ((), "", "")
    assert "29 test images" in found.verdicts[0]
    assert len(found.verdicts) == 1


def test_without_test_images_it_is_judged_on_val_and_says_so(compared):
    found = compared(images=drawn.images_of(test=0, val=40), seeds=1)
    assert (found.judged_on, found.test_images) == ("val", 40)
    assert found.notes == (
        "there are no test images, so all is judged on the validation images, which also chose "
        "epochs and weights: the levels are optimistic",
    )
    assert len(found.pairs) == 1


def test_seconds_are_those_of_an_empty_store(compared):
    engine = drawn.Engine(
        {"frozen": 12, "staged": 6},
        seconds={"frozen": 60.0, "staged": 30.0},
        filled={
            "frozen-seed0": (Filled("store", 100, 100, 50.0),),
            "staged-seed0": (Filled("store", 100, 0, 0.0),),
        },
    )
    found = compared(engine, seeds=1)
    assert {one.name: one.seconds for one in found.standings} == {"frozen": 60.0, "staged": 80.0}
    assert [one.seconds for one in found.trials] == [60.0, 30.0]  # what they took


def test_activations_that_were_there_before_are_told(compared):
    filled = {f"{name}-seed0": (Filled("store", 100, 0, 0.0),) for name in NAMES}
    found = compared(drawn.Engine({"frozen": 12, "staged": 6}, filled=filled), seeds=1)
    assert found.notes == (
        "some stored activations were there before this comparison: the seconds leave out what "
        "computing them takes",
    )


def refused(compared, kind=ComparisonError, **options):
    with pytest.raises(kind) as caught:
        compared(**options)
    return str(caught.value)


def test_a_folder_of_other_images(compared, tmp_path):
    compared(seeds=1)
    before = (tmp_path / "out" / "comparison.json").read_bytes()
    assert refused(compared, images=drawn.images_of(test=40)) == (
        f'"{tmp_path / "out"}" compares trainings on other images (there folder "drawn" with '
        '8 train, 10 val, 60 test images of 2 classes, now folder "drawn" with 8 train, 10 val, '
        "40 test images of 2 classes): give the same DATA and the same split options, or choose "
        "another --out"
    )
    message = refused(compared, images=drawn.images_of(first=1))
    assert '(both times folder "drawn" with 8 train, 10 val, 60 test images' in message
    assert "but some images, classes or splits are others)" in message
    assert (tmp_path / "out" / "comparison.json").read_bytes() == before


def test_a_folder_with_another_recipe_of_the_same_name(tmp_path):
    engine = drawn.Engine({"frozen": 12, "staged": 6})
    first = [drawn.recipe_of("frozen"), drawn.recipe_of("staged")]
    compare(drawn.images_of(), first, tmp_path / "out", 1, engine)
    second = [drawn.recipe_of("frozen"), drawn.recipe_of("staged", size=32, batch_size=8)]
    with pytest.raises(RunError) as caught:
        compare(drawn.images_of(), second, tmp_path / "out", 2, engine)
    assert str(caught.value) == (
        f'"{tmp_path / "out" / "trials" / "staged-seed0"}" holds another run: its recipe differs '
        "(there, now) in size (16, 32), batch_size (32, 8). Choose another --out, give a changed "
        "recipe a name of its own, or move the folder away"
    )
    assert len(engine.trained) == 2


def test_something_else_in_the_place_of_a_trial(compared, tmp_path):
    compared(seeds=1)
    place = tmp_path / "out" / "trials" / "staged-seed0"
    (place / "metrics.json").unlink()
    message = refused(compared, RunError, seeds=1)
    assert message.startswith(f'the run folder "{place}" is damaged: ')
    assert message.endswith("; move it away, and it is trained again")

    (place / "run.json").unlink()
    message = refused(compared, RunError, seeds=1)
    assert message.startswith(f'the output folder "{place}" is not empty; nothing is overwritten')

    shutil.rmtree(place)
    drawn.write_run(drawn.recipe_of("staged"), 7, drawn.images_of(test=40), place)
    assert refused(compared, RunError, seeds=1) == (
        f'"{place}" holds another run: its seed is 7, not 0; its images, or their splits, are '
        "others. Choose another --out, give a changed recipe a name of its own, or move the "
        "folder away"
    )


def test_a_folder_that_is_no_comparison_is_left_alone(compared, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious.txt").write_text("here before")
    assert "is not empty; nothing is overwritten" in refused(compared, kind=RunError)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["precious.txt"]


def test_two_at_a_time_are_refused(compared, tmp_path):
    compared(seeds=1)
    with FileLock(tmp_path / "out" / "comparison.lock"):
        assert refused(compared) == (
            f'another process is at work in "{tmp_path / "out"}": wait for its end, or choose '
            "another --out"
        )


def test_a_second_call_loads_no_tensorflow(compared, tmp_path):
    compared(seeds=1)
    program = f"""
import sys
sys.path.insert(0, {str(Path(drawn.__file__).parents[1])!r})
from support import drawn
from vgg_transfer import compare
recipes = [drawn.recipe_of("frozen"), drawn.recipe_of("staged")]
print(len(compare(drawn.images_of(), recipes, {str(tmp_path / "out")!r}, 1).standings))
print(sorted({{"tensorflow", "keras"}} & set(sys.modules)))
"""
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.stdout.split("\n")[:2], ended.stderr) == (["2", "[]"], "")


def test_what_is_written_is_plain_json(compared, tmp_path):
    found = compared(seeds=1)
    table = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert table["format"] == 1
    assert table["standings"][0]["name"] == found.standings[0].name
    assert str(tmp_path) not in json.dumps(table["trials"])
