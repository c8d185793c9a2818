"""Notebooks that went wrong: one message, or findings in what can be read of them."""

import json

import pytest
from support.unrun import FAULT, HEAD, SCRIPT, examined, places_of


def notebook(*cells: object, **changes: object) -> str:
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return json.dumps(whole | changes)


def code_cell(source: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}


def test_cells_are_counted_and_their_magics_passed_over():
    cells = (
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
        code_cell(["%matplotlib inline\n", "!pip install keras\n", "from tensorflow import keras"]),
        code_cell("%%bash\nrm -rf {data}\n"),
        code_cell("%%time\nvgg = keras.applications.VGG16()\nvgg.layers.pop()\nvgg.summary?"),
    )
    assert places_of(examined(notebook(*cells), "x.ipynb")) == ["cell 4, line 3"]


NOTEBOOKS = {
    "empty": "",
    "cut short": notebook(code_cell(SCRIPT))[:-30],
    "a list": "[]",
    "a number": "3",
    "null": "null",
    "no cells": json.dumps({"nbformat": 4, "metadata": {}}),
    "an empty list of cells": notebook(),
    "cells that are no list": notebook(cells={"a": 1}),
    "cells of no kind": notebook({}, {"source": SCRIPT}, None, 3, "text", []),
    "sources of no kind": notebook(
        code_cell(None), code_cell(3), code_cell([1, None]), code_cell({})
    ),
    "only words": notebook({"cell_type": "markdown", "metadata": {}, "source": [SCRIPT]}),
    "only magics": notebook(code_cell("%%html\n<b>"), code_cell("!ls\n?a\na?\n%time")),
    "deep": "[" * 100_000,
    "deep and closed": '{"cells": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "a long number": '{"cells": ' + "9" * 100_000 + "}",
    "not a number": '{"nbformat": NaN, "cells": [NaN, Infinity]}',
    "half a pair": notebook(code_cell("a = '\ud800'\n" + SCRIPT)),
    "a script": SCRIPT,
    "bytes": b"\x89PNG\r\n\x1a\n",
    "NUL": notebook(code_cell(SCRIPT + "\0")),
    "many cells": notebook(*(code_cell(f"a{i} = {i}") for i in range(3000))),
    "a large picture": notebook({**code_cell("a = 1"), "outputs": [{"data": "x" * 5_000_000}]}),
}


@pytest.mark.parametrize("kind", NOTEBOOKS)
def test_a_notebook_that_went_wrong_is_one_message_or_is_read(kind):
    found = examined(NOTEBOOKS[kind], "x.ipynb")
    if not isinstance(found, str):
        wrong = [one for one in found if one.severity != "note"]
        assert all(one.where.startswith(("cell ", "line ")) for one in wrong), wrong


def test_a_notebook_of_an_old_format_is_read_or_named():
    cell = {"cell_type": "code", "language": "python", "outputs": [], "input": [SCRIPT]}
    old = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell]}]})
    found = examined(old, "x.ipynb")
    assert "3" in found if isinstance(found, str) else places_of(found) == ["cell 1, line 3"]


def test_one_broken_cell_does_not_hide_the_others():
    cells = (code_cell(HEAD), code_cell("model.fit(x, y\n"), code_cell(FAULT))
    assert places_of(examined(notebook(*cells), "x.ipynb")) == ["cell 3, line 1"]
