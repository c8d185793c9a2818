"""``vgg-transfer doctor``: what a person reads, and what a program gets."""

from pathlib import Path

from support.answers import checked


def test_a_recipe_is_explained(ran):
    shown = ran("doctor", "dog-cat-frozen-noise")
    assert 'examined  recipe "dog-cat-frozen-noise"' in shown
    assert "warning   Blocks with random weights that never train (recipe)" in shown
    assert "  seen    block1, block2, block3, block4, block5 start at random" in shown
    assert "  why     A head on random filters is asked to tell classes apart by noise" in shown
    assert '  do      use base.weights = "imagenet" or train these blocks' in shown
    assert shown.endswith("1 warning\n")


def test_a_healthy_recipe_gets_one_word(ran):
    assert ran("doctor", "probe").endswith("nothing was found\n")


def test_a_run_as_json_has_reasons(ran, tiny_run):
    found = checked("doctor", ran("doctor", tiny_run.folder, "--json"))
    assert found["target"] == f'run "{tiny_run.folder}"'
    by_code = {one["code"]: one for one in found["findings"]}
    assert by_code["few-from-scratch"]["severity"] == "warning"
    assert by_code["few-from-scratch"]["why"].startswith("Millions of weights")
    assert by_code["few-from-scratch"]["rests_on"].startswith("Training images below 10,000")


def test_the_catalogue_is_printed_as_it_lies_in_the_documents(ran):
    page = Path(__file__).parents[3] / "docs" / "doctor.md"
    assert ran("doctor", "--list") == page.read_text(encoding="utf-8")
    found = checked("doctor", ran("doctor", "--list", "--json"))
    assert "frozen-noise" in [one["code"] for one in found["entries"]]
    assert "give a TARGET to examine, or --list" in ran("doctor", code=2)
    assert "give a TARGET to examine, or --list" in ran("doctor", "probe", "--list", code=2)


def test_what_is_neither_run_nor_recipe_is_an_error(ran):
    assert 'error: "nothing" is neither a run folder' in ran("doctor", "nothing", code=1)
