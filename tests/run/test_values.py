"""A run as a person meets it in a notebook."""

from dataclasses import replace

from support.drawn import images_of, recipe_of, write_run


def test_a_run_is_shown_on_three_lines(tmp_path):
    run = write_run(recipe_of("tiny"), 3, images_of(), tmp_path / "run", wrong=6)
    # Wilson's interval of 54 out of 60.
    assert repr(run).splitlines() == [
        f'run "{tmp_path / "run"}": complete, recipe tiny, seed 3',
        "accuracy 90.0% (95% interval 79.9% to 95.3%) on 60 test images",
        'folder "drawn": 8 train, 10 val, 60 test images of 2 classes',
    ]


def test_names_of_any_bytes_and_no_result_are_still_three_lines(tmp_path):
    run = write_run(recipe_of("tiny"), 0, images_of(), tmp_path / "a\nb", status="interrupted")
    run = replace(run, image_set=replace(run.image_set, source='folder "x\n\udcff"'))
    lines = repr(run).splitlines()
    assert lines[0] == f'run "{tmp_path}/a\\nb": interrupted, recipe tiny, seed 0'
    assert lines[1] == "not judged"
    assert lines[2].startswith('folder "x\\n\\udcff": 8 train')


def test_the_manifest_by_split(tmp_path):
    run = write_run(recipe_of("tiny"), 0, images_of(test=4), tmp_path / "run")
    assert [row.digest for row in run.split("test")] == [f"test{n:03}" for n in range(4)]
    assert run.split("no") == ()
    assert [run.image_set.count(split) for split in ("train", "val", "no")] == [8, 10, 0]
