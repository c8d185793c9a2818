"""``vgg-transfer show``: the story of a training again, without its images."""

import pytest
from support.answers import checked
from support.killed import drawn_run, killed_run

from vgg_transfer.run import begun


def after(text, part):
    """Return what stands behind a part of a text that it must hold."""
    assert part in text
    return text.split(part, 1)[1]


def test_the_story_is_told_as_it_was_while_it_was_trained(ran, recipe_file, tiny_folder, tmp_path):
    """Every line of the training from its first stage to its last is there again."""
    told = ran("train", tiny_folder, "--recipe", recipe_file, "--out", tmp_path / "run")
    shown = ran("show", tmp_path / "run")
    judged = "\njudges the model on 4 images (test)\nsees how sure the model is on 4 images (val)\n"
    stages, result = after(told, "\nstage 1 of 1: ").split(judged)
    assert f"stage 1 of 1: {stages.rstrip()}" in shown
    assert result.strip() in shown
    assert "\nsaved in " in result


def test_what_it_was_made_of_is_told(ran, tmp_path):
    run = drawn_run(tmp_path / "run")
    shown = ran("show", run.folder)
    assert shown.startswith(
        "run       complete\n"
        "recipe    tiny: no description\n"
        'images    folder "drawn": 8 train, 10 val, 40 test images of 2 classes\n'
        "weights   drawn at random\n"
        "computed  in fp32 on CPU, seed 0\n"
        "with      Python 3.12, keras 3\n"
    )
    answer = checked("show", ran("show", run.folder, "--json"))
    assert (answer["state"], answer["reached"], answer["next"]) == ("complete", "", "")
    assert answer["metrics"] == run.metrics.to_dict()
    assert answer["stages"][0]["ended"] == run.stages[0].ended
    assert len(answer["history"]) == 1


def test_an_unfinished_one_says_how_far_it_came_and_how_to_go_on(ran, tmp_path):
    run = killed_run(tmp_path / "my run")
    shown = ran("show", run.folder)
    assert shown.startswith(
        "run       stopped: the program that trained in it was killed\n"
        "reached   after 1 min 01 s: in stage 1 of 1, behind 2 epochs, 3 steps\n"
    )
    assert shown.count("75.0%") == 2  # its two epochs
    assert shown.endswith(f"saved in  {run.folder}\n\n  vgg-transfer resume '{run.folder}'\n")
    answer = checked("show", ran("show", run.folder, "--json"))
    assert answer["reached"] == "in stage 1 of 1, behind 2 epochs, 3 steps"
    assert answer["next"] == f"vgg-transfer resume '{run.folder}'"
    assert len(answer["history"]) == 2
    with begun(run):
        shown = ran("show", run.folder)
    assert shown.startswith("run       a program is training in it right now\n")
    assert "vgg-transfer resume" not in shown


def test_one_that_failed_says_why(ran, tmp_path):
    run = drawn_run(tmp_path / "run", status="failed")
    assert f"failed    {run.stages[0].ended}\n" in ran("show", run.folder)


@pytest.mark.parametrize("damage", ["no.npz", "checkpoint-000001.npz"])
def test_a_damaged_checkpoint_is_no_reason_to_show_nothing(ran, damage, tmp_path):
    run = killed_run(tmp_path / "run")
    for file in run.folder.glob("*.npz"):
        file.rename(run.folder / damage)
        (run.folder / damage).write_text("")
    assert "reached   no epoch was done yet\n" in ran("show", run.folder)


def test_what_is_no_run_is_said(ran, tmp_path):
    assert ran("show", tmp_path, code=1).startswith(f'error: "{tmp_path}" has no run.json')
