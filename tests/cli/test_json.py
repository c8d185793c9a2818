"""What ``--json`` prints has a schema; each verb's tests hold its output against it."""

import inspect
import json

import pytest

from vgg_transfer.cli import main, verbs
from vgg_transfer.cli.json import as_text
from vgg_transfer.cli.json.schemas import ANSWERS, schema


@pytest.mark.parametrize("verb", ANSWERS)
def test_every_verb_with_json_has_a_schema_that_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as left:
        main(["schema", verb])
    assert left.value.code == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == schema(verb)
    described = printed if "description" in printed else printed["anyOf"][0]
    assert described.keys() & {"description", "$ref"}


def test_no_verb_with_json_is_without_a_schema():
    with_json = {
        name
        for name, module in vars(verbs).items()
        if inspect.ismodule(module)
        and "as_json" in inspect.signature(getattr(module, name)).parameters
    }
    assert with_json == set(ANSWERS)


def test_a_verb_without_json_is_refused(capsys):
    with pytest.raises(SystemExit) as left:
        main(["schema", "trian"])
    assert left.value.code == 2
    assert 'no verb "trian" prints JSON. Did you mean "train"?' in capsys.readouterr().err


def test_what_has_no_form_in_json_is_refused():
    with pytest.raises(TypeError, match="set has no form in JSON"):
        as_text({"a": {1}})
    with pytest.raises(ValueError, match="Out of range float values"):
        as_text({"a": float("nan")})
