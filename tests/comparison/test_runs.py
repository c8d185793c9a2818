"""Runs that were trained before: grouped, matched image by image, or refused."""

import shutil
from dataclasses import replace

import pytest
from support import drawn

from vgg_transfer.comparison import compare, compare_runs
from vgg_transfer.errors import ComparisonError
from vgg_transfer.images import ImageSet


@pytest.fixture
def run_at(tmp_path):
    """Write a run and return its folder."""

    def write(place, name, seed=0, wrong=6, images=None, recipe=None, **options):
        return drawn.write_run(
            recipe or drawn.recipe_of(name),
            seed,
            images or drawn.images_of(),
            tmp_path / place,
            wrong=wrong,
            **options,
        ).folder

    return write


def test_it_says_what_a_comparison_of_the_same_trainings_says(run_at, tmp_path):
    engine = drawn.Engine({"frozen": 12, "staged": 6})
    recipes = [drawn.recipe_of("frozen"), drawn.recipe_of("staged")]
    trained = compare(drawn.images_of(), recipes, tmp_path / "out", 2, engine)
    folders = [
        run_at(f"{name} {seed}", name, seed, wrong)
        for name, wrong in engine.wrong.items()
        for seed in (1, 0)
    ]
    found = compare_runs(folders)
    assert found.folder is None
    assert found.standings == trained.standings
    assert found.pairs == trained.pairs
    assert found.verdicts == trained.verdicts
    assert found.recommendation == trained.recommendation
    assert {trial.folder for trial in found.trials} == {str(folder) for folder in folders}


def test_images_are_matched_by_what_they_are(run_at):
    # The same images under other names, and so in another order; all the same answers.
    images = drawn.images_of()
    turned = ImageSet(
        "another place",
        images.class_names,
        tuple(
            replace(one, path=one.path.with_name(f"{99 - number:03}.png"))
            for number, one in enumerate(reversed(images.records))
        ),
        root=images.root,
    )
    first = run_at("first", "frozen", wrong=0)
    second = run_at("second", "staged", wrong=0, images=turned)
    found = compare_runs([first, second])
    assert [one.accuracy for one in found.standings] == [1.0, 1.0]
    assert found.notes == (
        "the runs were judged on the same images, but trained or chosen on others: a difference "
        "may come from there",
    )


def test_recipes_of_one_name_are_told_apart(run_at):
    slower = drawn.recipe_of("staged", batch_size=8)
    first, second = run_at("first", "staged"), run_at("second", "", recipe=slower, wrong=12)
    assert [one.name for one in compare_runs([first, second]).standings] == [
        f"staged ({first})",
        f"staged ({second})",
    ]


def test_pairs_use_the_seeds_that_both_have(run_at):
    frozen = [run_at(f"frozen {seed}", "frozen", seed, 6 + seed) for seed in range(3)]
    staged = [run_at(f"staged {seed}", "staged", seed, 12 - seed) for seed in (1, 2)]
    (uneven,) = compare_runs([*frozen, *staged]).pairs
    (even,) = compare_runs([*frozen[1:], *staged]).pairs
    assert replace(uneven, mcnemar_p=even.mcnemar_p) == even  # that one pools all seeds of each
    # 7 and 8 mistakes against 11 and 10; with the third seed, of 6, it would be more.
    assert even.difference == pytest.approx(3 / 60)


def test_seeds_of_other_numbers_are_compared_one_by_one(run_at):
    found = compare_runs([run_at("first", "frozen", 0), run_at("second", "staged", 5, 12)])
    assert len(found.pairs) == 1
    assert found.seeds == (0, 5)


def test_fewer_than_thirty_images_get_no_verdict(run_at):
    images = drawn.images_of(test=20)
    found = compare_runs([run_at(name, name, images=images) for name in ("frozen", "staged")])
    assert len(found.standings) == 2
    assert "20 test images" in found.verdicts[0]


def refused(folders):
    with pytest.raises(ComparisonError) as caught:
        compare_runs(folders)
    return str(caught.value)


def test_other_test_images(run_at):
    first = run_at("first", "frozen")
    second = run_at("second", "staged", images=drawn.images_of(first=10))
    assert refused([first, second]).splitlines() == [
        f'"{first}" and "{second}" were judged on different test images: 60 and 60, of which 50 '
        "are the same with the same class",
        "Only runs that were judged on the same images can be compared. Train with --splits "
        f'"{first}/images.csv" to use the split of the first',
    ]


def test_other_labels_of_the_same_images(run_at):
    images = drawn.images_of()
    other = replace(images.records[-1], label=1 - images.records[-1].label)
    changed = replace(images, records=(*images.records[:-1], other))
    message = refused([run_at("first", "frozen"), run_at("second", "staged", images=changed)])
    assert "60 and 60, of which 59 are the same with the same class" in message


def test_other_splits_and_other_classes(run_at):
    first = run_at("first", "frozen")
    second = run_at("second", "staged", images=drawn.images_of(test=0, val=40))
    third = run_at("third", "full", images=replace(drawn.images_of(), class_names=("cat", "dog")))
    message = refused([first, second, third])
    assert f'"{first}" and "{second}" were judged on different splits (test; val)' in message
    assert f'"{first}" and "{third}" know different classes (blue, red; cat, dog)' in message


def test_all_folders_that_cannot_be_used_are_named(run_at, tmp_path):
    stopped = run_at("stopped", "frozen", status="interrupted")
    message = refused([stopped, tmp_path / "gone", run_at("first", "staged")])
    assert message.splitlines() == [
        f'the training of "{stopped}" did not come to its end (interrupted), so there is nothing '
        "to compare: train it again",
        f'"{tmp_path / "gone"}" does not exist, so it is not a run folder: give the folder that '
        "`vgg-transfer train` wrote (its --out)",
    ]


def test_one_run_or_one_recipe(run_at, tmp_path):
    first, second = run_at("first", "frozen", 0), run_at("second", "frozen", 1)
    assert refused([first, first]) == "a comparison needs at least two runs, received 1"
    assert refused([first, second]) == (
        'all these runs are of one recipe, "frozen": a comparison needs runs of at least two'
    )
    shutil.copytree(first, tmp_path / "copy")
    assert refused([first, tmp_path / "copy", run_at("third", "staged")]) == (
        f'"{first}" and "{tmp_path / "copy"}" are of the same recipe with the same seed (0), so '
        "they are the same training: leave one out"
    )


def test_other_devices_are_told(run_at, tmp_path):
    first, second = run_at("first", "frozen"), run_at("second", "staged")
    facts = second / "run.json"
    facts.write_text(facts.read_text().replace('"device": "CPU"', '"device": "GPU"'))
    assert compare_runs([first, second]).notes == (
        "the runs were trained on different devices or in different precision: their seconds do "
        "not compare",
    )
