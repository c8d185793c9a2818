"""``vgg-transfer compare``: its options, its table, and what a user gets wrong."""

import itertools
import json
import shutil
from contextlib import contextmanager
from functools import partial

import pytest
from support import drawn
from support.answers import checked

from vgg_transfer import recipe as recipes
from vgg_transfer import trials
from vgg_transfer.comparison import read_comparison
from vgg_transfer.images import Shares, Splitting, load_images
from vgg_transfer.run import read
from vgg_transfer.trials import ray_cluster


@pytest.fixture
def ran(both):
    """Run ``compare``; return what it wrote on stdout and on stderr."""
    return partial(both, "compare")


@pytest.fixture
def engine(monkeypatch):
    """Draw the trainings of the command: of 4 test images staged answers all, frozen 3."""
    made = drawn.Engine(
        {"frozen": 1, "staged": 0, "mine": 0}, seconds={"frozen": 10.0, "staged": 75.0}
    )
    monkeypatch.setattr(trials, "in_own_process", made)
    return made


@pytest.fixture
def many_images(monkeypatch):
    """Let the command find 60 test images."""
    from vgg_transfer.cli.options import source as source_options

    monkeypatch.setattr(source_options, "read_images", lambda *_: drawn.images_of())


def asked(out, *more):
    return ("tiny", "--recipes", "frozen,staged", "--out", out, *more)


def test_the_table_the_verdict_and_the_files(ran, engine, many_images, tmp_path):
    engine.wrong = {"frozen": 6, "staged": 5}
    out = tmp_path / "my comparison"
    lines = ran(*asked(out, "--seeds", "2")).out.splitlines()
    assert lines[0] == "compares  frozen, staged; 2 seeds each"
    begun = [number for number, line in enumerate(lines) if line.startswith("trial ")]
    assert [lines[number] for number in begun] == [
        f"trial {number} of 4: {name}, seed {seed}"
        for number, (name, seed) in enumerate(
            [("frozen", 0), ("staged", 0), ("frozen", 1), ("staged", 1)], start=1
        )
    ]
    assert all(lines[number - 1] == "" for number in begun)
    assert all(one or other for one, other in itertools.pairwise(lines))  # never two blank lines
    start = lines.index("accuracy on 60 held-out test images, and what it costs")
    assert lines[start + 1].split()[:2] == ["recipe", "accuracy"]
    staged, frozen = (line.split() for line in lines[start + 3 : start + 5])
    assert staged[:2] == ["staged", "91.7%"]
    assert staged[-9:] == ["±", "0.0", "2", "1", "min", "15", "s", "0.5", "GB"]
    assert frozen[:3] == ["frozen", "*", "90.0%"]
    assert any(line.startswith("verdict   staged and frozen are not disting") for line in lines)
    assert any(line.startswith("* recommended: frozen - not shown worse than") for line in lines)
    assert lines[-1] == f"saved in  {out}"
    assert sorted(path.name for path in out.iterdir() if path.suffix != ".lock") == [
        "comparison.json",
        "comparison.png",
        "comparison.svg",
        "trials",
        "trials.csv",
    ]
    assert (out / "comparison.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (out / "comparison.svg").read_text()


def test_a_second_call_draws_and_says_the_same(ran, engine, many_images, tmp_path):
    first = ran(*asked(tmp_path / "out", "--json")).out
    engine.trained.clear()
    assert ran(*asked(tmp_path / "out", "--json")).out == first
    assert engine.trained == []


def test_json_is_the_comparison_and_nothing_else(ran, engine, many_images, tmp_path):
    written = ran(*asked(tmp_path / "out", "--seeds", "1", "--json"))
    answer = json.loads(written.out)
    assert answer["folder"] == str(tmp_path / "out")
    assert answer["standings"][0]["name"] == "staged"
    assert answer["test_images"] == 60
    assert "saved in" in written.err
    assert "\x1b" not in written.err


def test_options_change_every_recipe(ran, engine, tiny_folder, tiny_recipe, tmp_path):
    file = tmp_path / "my own recipe.toml"
    file.write_text(recipes.to_toml(tiny_recipe.changed(name="mine")))
    ran(
        tiny_folder, "--recipes", f"staged, {file}", "--out", tmp_path / "out", "--seeds", "1",
        "--size", "32", "--weights", "none", "--set", "batch_size=4",
        "--val", "0.25", "--test", "0.25",
    )  # fmt: skip
    for name in ("staged", "mine"):
        run = read(tmp_path / "out" / "trials" / f"{name}-seed0")
        assert (run.recipe.size, run.recipe.batch_size) == (32, 4)
        assert run.recipe.base.weights == "none"
    images = load_images(tiny_folder, 0, Splitting(Shares(0.25, 0.25)))
    assert read_comparison(tmp_path / "out").image_set.digest == images.digest


def test_unfreeze_opens_blocks_where_a_recipe_opens_them_in_steps(
    ran, engine, tiny_folder, tmp_path
):
    ran(
        tiny_folder, "--recipes", "frozen,staged", "--out", tmp_path / "out", "--seeds", "1",
        "--unfreeze", "2",
    )  # fmt: skip
    staged = read(tmp_path / "out" / "trials" / "staged-seed0").recipe
    assert {block for stage in staged.stage for block in stage.train} == {
        "head",
        "block5",
        "block4",
    }


def test_a_failed_trial_is_told_and_the_table_is_there(ran, engine, many_images, tmp_path):
    engine.fails = {"staged-seed1": MemoryError("no room")}
    text = ran(*asked(tmp_path / "out")).out
    assert "caution   staged with seed 1 failed: MemoryError: no room;" in text
    assert "2 of 3" in text


def test_nothing_to_compare_exits_1(ran, engine, many_images, tmp_path):
    engine.fails = {f"staged-seed{seed}": MemoryError("no room") for seed in range(3)}
    text = ran(*asked(tmp_path / "out"), code=1).out
    assert "no verdict: it needs two recipes" in text
    assert (tmp_path / "out" / "comparison.png").exists()


def test_ctrl_c_says_how_to_go_on(ran, engine, many_images, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    engine.fails = {"staged-seed1": KeyboardInterrupt()}
    written = ran(*asked("out"), code=130)
    assert written.err == (
        'interrupted: what was trained is kept in "out"; give the same command again to go on\n'
    )
    engine.fails = {}
    engine.trained.clear()
    ran(*asked("out"))
    assert engine.trained == ["staged-seed1", "frozen-seed2", "staged-seed2"]


def test_seeds_are_added_until_it_is_decided(ran, engine, many_images, tmp_path):
    engine.wrong = {"frozen": 3, "staged": 3}
    lines = ran(*asked(tmp_path / "out", "--minutes", "30", "--margin", "10")).out.splitlines()
    assert lines[0] == "compares  frozen, staged; at most 12 seeds each, until all is decided"
    assert "trial 1 of at most 24: frozen, seed 0" in lines
    assert any(
        line.startswith("verdict   frozen and staged are equal within 10 po") for line in lines
    )
    assert any(
        line.startswith("looks     ended after 3 rounds: every pair is decided. The intervals hold")
        for line in lines
    )
    written = ran(*asked(tmp_path / "out", "--until", "decided", "--margin", "10", "--json"))
    ending = checked("compare", written.out)["ending"]
    assert (ending["why"], ending["looks"], ending["margin"]) == ("decided", 1, 0.1)
    assert len(engine.trained) == 6


def test_ctrl_c_within_a_round_that_was_added(ran, engine, many_images, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    engine.wrong = {"frozen": 6, "staged": 5}
    engine.fails = {"frozen-seed2": KeyboardInterrupt()}
    written = ran(*asked("out", "--until", "decided"), code=130)
    assert written.err.endswith("give the same command again to go on\n")
    engine.fails = {}
    engine.trained.clear()
    ran(*asked("out", "--until", "decided"))
    assert engine.trained[0] == "frozen-seed2"


def failed(ran, *arguments, code=1):
    message = ran(*arguments, code=code).err
    assert "Traceback" not in message
    return message


def test_unknown_recipes_are_all_named(ran, tmp_path):
    message = failed(ran, "tiny", "--recipes", "frozn,stagged", "--out", tmp_path / "out")
    assert 'no recipe is called "frozn". Did you mean "frozen"?' in message
    assert 'no recipe is called "stagged". Did you mean "staged"?' in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--seeds", "0"), "each recipe needs at least 1 seed, received 0"),
        (("--minutes", "0"), "a time of more than 0 minutes, received 0"),
        (("--until", "noon"), 'goes on until "decided" or has no `until`, received "noon"'),
        (("--margin", "200"), "less than 100 points (1 in Python), received 200 points"),
        (("--until", "decided", "--seeds", "4"), "looked at after 3, 5, 8 and 12 seeds"),
        (("--recipes", "staged"), 'at least two recipes, received "staged" alone'),
        (("--recipes", "staged,staged"), 'the recipe "staged" is there twice'),
        (("--set", "sise=3"), "sise: unknown key. Did you mean"),
        (
            ("--recipes", "frozen,full", "--unfreeze", "2"),
            "--unfreeze 2 applies to the schedules exact-first, staged, gradual, and none of them "
            "is compared: frozen, full",
        ),
        (("--set", "name=same"), 'two different recipes are called "same"; they differ in '),
    ],
)
def test_what_is_wrong_is_said_before_any_image_is_read(ran, options, complaint, tmp_path):
    message = failed(ran, *asked(tmp_path / "out", *options))
    assert message.startswith("error: ")
    assert complaint in message
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else(ran, tmp_path):
    (tmp_path / "precious.txt").write_text("here before")
    assert "is not empty; nothing is overwritten" in failed(ran, *asked(tmp_path))


@pytest.mark.parametrize(
    "arguments",
    [
        ("tiny", "--recipes", "frozen,staged"),
        ("tiny", "--out", "out"),
        ("tiny", "more", "--recipes", "frozen,staged", "--out", "out"),
    ],
)
def test_wrong_usage_exits_2(ran, arguments):
    message = failed(ran, *arguments, code=2)
    assert "give one DATA with --recipes and --out, or --runs" in message


@pytest.fixture
def two_runs(tmp_path):
    return [
        drawn.write_run(drawn.recipe_of(name), 0, drawn.images_of(), tmp_path / name, wrong).folder
        for name, wrong in (("frozen", 12), ("staged", 3))
    ]


def test_runs_are_compared_and_nothing_is_written(ran, two_runs, tmp_path):
    text = ran("--runs", *two_runs).out
    assert "verdict   staged beats frozen by 15.0 points" in text
    assert "saved in" not in text
    assert {path.name for path in tmp_path.iterdir()} == {"frozen", "staged"}


def test_runs_are_compared_and_kept_where_it_is_asked_for(ran, two_runs, tmp_path):
    answer = checked("compare", ran("--runs", *two_runs, "--out", tmp_path / "out", "--json").out)
    assert answer["folder"] == str(tmp_path / "out")
    assert read_comparison(tmp_path / "out").standings[0].name == "staged"
    assert (tmp_path / "out" / "comparison.png").exists()
    assert "is not empty" in failed(ran, "--runs", *two_runs, "--out", tmp_path / "out")


def test_runs_of_other_test_images(ran, two_runs, tmp_path):
    shutil.rmtree(two_runs[1])
    images = drawn.images_of(first=30)
    drawn.write_run(drawn.recipe_of("staged"), 0, images, two_runs[1])
    message = failed(ran, "--runs", *two_runs)
    assert f'"{two_runs[0]}" and "{two_runs[1]}" were judged on different test' in message


def test_options_that_train_are_refused_with_runs(ran, two_runs):
    message = failed(
        ran, "--runs", *two_runs, "--seeds", "2", "--until", "decided", "--no-cache", code=2
    )
    assert (
        "--seeds, --until, --no-cache cannot be used with --runs, which trains nothing" in message
    )


def test_trials_on_a_cluster(ran, engine, many_images, tmp_path, monkeypatch):
    asked_for = []

    @contextmanager
    def on_ray(address):
        asked_for.append(address)
        engine.in_words = "Ray, 2 nodes: 2 trials at once"
        yield engine

    monkeypatch.setattr(trials, "on_ray", on_ray)
    written = ran(*asked(tmp_path / "out", "--engine", "ray", "--address", "10.0.0.1:6379"))
    assert "engine    Ray, 2 nodes: 2 trials at once" in written.out.splitlines()
    assert asked_for == ["10.0.0.1:6379"]
    assert len(engine.trained) == 6


def test_an_engine_that_is_none_and_an_address_of_none(ran, tmp_path):
    written = ran(*asked(tmp_path / "out", "--engine", "slurm"), code=2)
    assert '--engine is local or ray, received "slurm"' in written.err
    written = ran(*asked(tmp_path / "out", "--address", "10.0.0.1:6379"), code=2)
    assert "--address is that of a Ray cluster: it needs --engine ray" in written.err


def test_without_ray_it_is_said_in_a_sentence(ran, many_images, tmp_path, monkeypatch):
    monkeypatch.setattr(ray_cluster, "find_spec", lambda _: None)
    written = ran(*asked(tmp_path / "out", "--engine", "ray"), code=1)
    assert "Ray cannot be found, and `--engine ray` needs it" in written.err
    assert not (tmp_path / "out").exists()
