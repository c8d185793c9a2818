"""The study file: what counts in it, and that it survives whatever ends the program."""

import csv
from dataclasses import replace

import pytest

from vgg_transfer.errors import ComparisonError, RunError
from vgg_transfer.recipe import Recipe, Stage, override
from vgg_transfer.tuning.search_space import own_values, search_space
from vgg_transfer.tuning.study import (
    drop_trial,
    finished_trials,
    looks_at_test,
    next_trial,
    open_study,
    record_look,
    record_trial,
    what_mattered,
    write_table,
)
from vgg_transfer.tuning.tuned import TunedTrial

RECIPE = Recipe(name="small", stage=(Stage(train=("head",)),))
SPACE = search_space(RECIPE)
OWN = own_values(RECIPE, SPACE)


@pytest.fixture
def opened(images, tmp_path):
    def open_again(folder="study", image_set=images, recipe=RECIPE, seed=0):
        return open_study(tmp_path / folder, image_set, recipe, seed)

    return open_again


def goodness(values):
    return values["head.dropout"] + (values["head.pooling"] != "max")


def try_next(study, seed=0):
    """Try what is proposed; dropout and the pooling decide how good it is."""
    trial = next_trial(study, SPACE, OWN, seed)
    found = TunedTrial(trial.number, "complete", {}, 1.0, log_loss=goodness(trial.params))
    record_trial(study, trial, found, [{"epoch": 1, "val_loss": 0.5}])
    return trial.params


def cut_off(study):
    """Begin a trial, and go away in the middle of it."""
    return next_trial(study, SPACE, OWN, 0).params


def test_the_own_values_come_first_and_better_ones_are_found(opened):
    with opened() as study:
        tried = [try_next(study) for _ in range(12)]
    assert tried[0] == OWN
    assert min(goodness(values) for values in tried) < goodness(OWN)


def test_a_continued_search_tries_the_same_as_one_that_never_was_ended(opened):
    with opened("whole") as study:
        whole = [try_next(study) for _ in range(12)]
    parts = []
    for count in (0, 4, 6, 2):  # the first ten are drawn at random, others are reasoned
        with opened("parts") as study:
            parts += [try_next(study) for _ in range(count)]
            cut_off(study)
    assert parts == whole


def test_a_trial_that_was_cut_off_does_not_count(opened):
    with opened() as study:
        try_next(study)
        cut_off(study)
    with opened() as study:
        assert [trial.number for trial in finished_trials(study)] == [0]
        try_next(study)
        assert [trial.number for trial in finished_trials(study)] == [0, 2]
        assert [trial.state.name for trial in study.trials] == ["COMPLETE", "FAIL", "COMPLETE"]


def test_what_was_cut_off_twice_is_not_tried_a_third_time(opened):
    with opened() as study:
        try_next(study)
        first = cut_off(study)
    with opened() as study:
        assert cut_off(study) == first
    with opened() as study:
        assert cut_off(study) != first


def test_what_a_person_cut_off_is_tried_again_however_often(opened):
    with opened() as study:
        try_next(study)
        tried = []
        for _ in range(4):
            trial = next_trial(study, SPACE, OWN, 0)
            tried.append(trial.params)
            drop_trial(study, trial, by_hand=True)
    assert tried == [tried[0]] * 4


def test_a_dropped_trial_does_not_count_either(opened):
    with opened() as study:
        drop_trial(study, next_trial(study, SPACE, OWN, 0))
        assert finished_trials(study) == ()
        assert try_next(study) == OWN


def test_another_seed_tries_other_values(opened):
    tried = []
    for seed in (0, 1):
        with opened(f"seed {seed}", seed=seed) as study:
            tried.append([try_next(study, seed) for _ in range(2)])
    assert tried[0][0] == tried[1][0] == OWN
    assert tried[0][1] != tried[1][1]


def test_a_failed_trial_counts_and_is_worse_than_all(opened):
    with opened() as study:
        trial = next_trial(study, SPACE, OWN, 0)
        record_trial(study, trial, TunedTrial(0, "failed", {}, 1.0, reason="the loss is nan"), [])
    with opened() as study:
        (found,) = finished_trials(study)
        assert (found.status, found.log_loss, found.reason) == ("failed", None, "the loss is nan")
        assert try_next(study) != OWN
        assert study.best_trial.number == 1


def test_the_history_stays_in_the_study(opened):
    with opened() as study:
        try_next(study)
    with opened() as study:
        assert study.trials[0].user_attrs["history"] == [{"epoch": 1, "val_loss": 0.5}]


def test_looks_at_the_test_images_are_kept(opened):
    with opened() as study:
        assert looks_at_test(study) == []
        record_look(study, 3, "best")
    with opened() as study:
        record_look(study, 5, "best-2")
        assert looks_at_test(study) == [
            {"trial": 3, "folder": "best"},
            {"trial": 5, "folder": "best-2"},
        ]


def test_what_mattered_is_said_once_there_is_enough_to_tell(opened):
    with opened() as study:
        for _ in range(9):
            try_next(study)
        assert what_mattered(study) == {}
        try_next(study)
        mattered = what_mattered(study)
    assert set(mattered) == set(SPACE)
    assert sum(mattered.values()) == pytest.approx(1)
    assert list(mattered.values()) == sorted(mattered.values(), reverse=True)


def test_a_search_of_something_else_is_refused_with_all_that_differs(opened, images):
    with opened():
        pass
    others = replace(images, records=images.records[1:])
    changed = override(RECIPE, ["head.dropout=0.5"])
    with pytest.raises(ComparisonError) as caught, opened("study", others, changed, 7):
        pass
    message = str(caught.value)
    assert f"other images, or other splits of them: {images.source}" in message
    assert "seed 0, not 7" in message
    assert "another recipe: head.dropout (0.0, 0.5)" in message
    assert "choose another --out" in message


def test_a_folder_with_other_things_is_refused(opened, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "notes.txt").write_text("mine")
    with pytest.raises(RunError, match="is not empty; nothing is overwritten"), opened():
        pass
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["notes.txt"]


def test_a_search_that_ended_before_its_study_was_written_can_begin_again(opened, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.lock").touch()
    with opened() as study:
        assert finished_trials(study) == ()


def test_two_searches_in_one_folder_are_refused(opened):
    with opened(), pytest.raises(ComparisonError, match="another search is writing to"), opened():
        pass


def test_a_file_that_is_no_study_is_named(opened, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.db").write_text("these are only words\n" * 100)
    with pytest.raises(ComparisonError) as caught, opened():
        pass
    assert str(tmp_path / "study" / "study.db") in str(caught.value)
    assert "file is not a database" in str(caught.value)


def test_any_name_of_a_folder_will_do(opened, tmp_path):
    name = "pets? 100% #1 ä;&="
    with opened(name) as study:
        try_next(study)
    with opened(name) as study:
        assert len(finished_trials(study)) == 1
    assert (tmp_path / name / "study.db").is_file()


def test_the_level_of_messages_is_left_as_it_was(opened):
    import optuna

    before = optuna.logging.get_verbosity()
    with opened():
        assert optuna.logging.get_verbosity() == optuna.logging.WARNING
    assert optuna.logging.get_verbosity() == before


def test_the_table_has_a_row_for_each_trial(tmp_path):
    settings = {"head.dense": "[64, 32]", "stage.1.rate": "0.001"}
    trials = (
        TunedTrial(0, "complete", settings, 2.5, 1.5, 0.25, 9),
        TunedTrial(2, "failed", settings, 1.0, reason='the loss became nan, "quoted"'),
    )
    write_table(tmp_path, trials[:1])
    write_table(tmp_path, trials)
    with (tmp_path / "tuning.csv").open(newline="", encoding="utf-8") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "number": "0",
        "status": "complete",
        "log_loss": "0.25",
        "correct": "9",
        "seconds": "2.5",
        "filling_seconds": "1.5",
        "reason": "",
        "head.dense": "[64, 32]",
        "stage.1.rate": "0.001",
    }
    assert (second["log_loss"], second["reason"]) == ("", 'the loss became nan, "quoted"')
    assert [path.name for path in tmp_path.iterdir()] == ["tuning.csv"]


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("made_of", {"format": 1}, "made_of: 'images' is missing"),
        ("made_of", None, ""),
        ("looks_at_test", [{"trial": "first", "folder": "best"}], "looks_at_test.1.trial: a whole"),
    ],
)
def test_a_study_whose_values_are_others_is_refused(opened, key, value, fault):
    with opened() as study:
        try_next(study)
        study.set_user_attr(key, value)
    with pytest.raises(ComparisonError) as caught, opened() as study:
        looks_at_test(study)
    assert str(caught.value).startswith(
        f"the study file (study.db) is damaged: {fault}" if fault else '"'
    )
