"""Scripts that Python hardly reads: long, deep, broken, of old or other kinds."""

import pytest
from support.unrun import FAULT, HEAD, SCRIPT, examined, places_of

FIT = (
    "model = keras.Model(vgg.input, vgg.output)\n"
    "model.compile('adam', 'categorical_crossentropy')\nmodel.fit(x, y)\n"
)


def test_a_plain_script_has_its_fault_found():
    assert places_of(examined(SCRIPT)) == ["line 3"]


LONG = {
    "functions": "".join(
        f"def f{i}(a, b):\n    c = [a, b, {i}]\n    return c[-1] + f{max(i - 1, 0)}(a, b)\n\n\n"
        for i in range(2000)
    ),
    "assignments": "".join(f"a{i} = a{max(i - 1, 0)} + {i}\n" for i in range(10_000)),
    "calls": "model = keras.Sequential()\n" + "model.add(keras.layers.Dense(9))\n" * 10_000,
    "a chain of layers": "h = vgg.output\n" + "h = keras.layers.Dense(9)(h)\n" * 10_000,
    "doubled layers": "h = vgg.output\n" + "h = keras.layers.Add()([h, h])\n" * 1000,
    "trainable": "vgg.trainable = False\nvgg.trainable = True\n" * 5000,
    "fits": FIT * 3000,
    "comments": "# fine-tuning\n" * 10_000,
    "one line": "a = [" + "1, " * 100_000 + "]\n",
    "one string": "a = '" + "x" * 3_000_000 + "'\n",
    "one mapping": "a = {" + "'k': 0.5, " * 50_000 + "}\n",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_fault_is_found_behind_much_else(kind):
    before = HEAD + LONG[kind]
    line = before.count("\n") + 1
    assert f"line {line}" in places_of(examined(before + FAULT + "\n"))


DEEP = {
    "parentheses": "a = " + "(" * 500 + "1" + ")" * 500,
    "lists": "a = " + "[" * 500 + "]" * 500,
    "calls": "a = " + "f(" * 150 + ")" * 150,
    "ifs": "".join(f"{' ' * i}if a:\n" for i in range(300)) + " " * 300 + "pass",
    "ifs below Python's limit": "".join(f"{' ' * i}if a:\n" for i in range(95)) + " " * 95 + "b",
    "loops": "".join(f"{' ' * i}for i{i} in range(9):\n" for i in range(19)) + " " * 19 + "b = 1",
    "functions": "".join(f"{' ' * i}def f{i}():\n" for i in range(90)) + " " * 90 + "pass",
    "elifs": "if a == 0:\n    b = 0\n"
    + "".join(f"elif a == {i}:\n    b = 0\n" for i in range(900)),
    "a sum": "a = " + " + ".join(["b"] * 5000),
    "powers": "a = " + " ** ".join(["2"] * 500),
    "nots": "a = " + "not " * 3000 + "b",
    "minuses": "a = " + "-" * 3000 + "1",
    "attributes": "a = b" + ".c" * 5000,
    "indices": "a = b" + "[0]" * 5000,
    "lambdas": "a = " + "lambda: " * 500 + "1",
    "strings in strings": "a = " + "f'{" * 90 + "1" + "}'" * 90,
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_is_read_or_named(kind):
    found = examined(SCRIPT + DEEP[kind] + "\n")
    assert isinstance(found, str) or "line 3" in places_of(found) or places_of(found, "unread")


BROKEN = {
    "a bracket": "model.fit(x, y\nprint('done')\n",
    "an indent": "if True:\nmodel.fit(x, y)\n",
    "a quote": "a = 'train\nb = 1\n",
    "a prompt": ">>> model.fit(x, y)\n",
    "a merge": "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\n",
    "an ellipsis": "model.fit(x, y, ...)\nmodel.compile(…)\n",
    "tabs and spaces": "if True:\n\ta = 1\n        b = 2\n",
    "curly quotes": "a = “train”\n",
    "print": "print 'accuracy', accuracy\n",
    "exec and backticks": "exec 'a = 1'\nb = `a`\n",
    "except": "try:\n    a = 1\nexcept IOError, e:\n    raise ValueError, e\n",
    "octal": "import os\nos.chmod('data', 0755)\n",
    "an import in a function": "def f():\n    from keras.layers import *\n",
    "return": "return 1\n",
    "await": "await model.fit(x, y)\n",
    "nonlocal": "nonlocal a\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_python_does_not_read_leaves_one_message_or_the_rest(kind):
    found = examined(SCRIPT + BROKEN[kind] + "b = 2\n")
    if isinstance(found, str):
        assert "line" in found
    else:
        assert places_of(found) == ["line 3"]
        assert [one for one in found if one.severity == "error" and one.where != "line 3"] == []


ENCODED = {
    "byte order mark": b"\xef\xbb\xbf" + SCRIPT.encode(),
    "latin-1": ("# -*- coding: latin-1 -*-\n# größe\n".encode("latin-1") + SCRIPT.encode()),
    "Windows lines": SCRIPT.replace("\n", "\r\n").encode(),
    "old Mac lines": SCRIPT.replace("\n", "\r").encode(),
    "Chinese": ("# coding: gbk\n# 迁移学习\n" + SCRIPT).encode("gbk"),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_an_encoding_that_python_reads_is_read(kind):
    first = 3 + ENCODED[kind].count(b"coding") * 2
    assert places_of(examined(ENCODED[kind])) == [f"line {first}"]


UNREADABLE = {
    "latin-1 that does not say so": "# größe\n".encode("latin-1") + SCRIPT.encode(),
    "utf-16": SCRIPT.encode("utf-16"),
    "utf-32": SCRIPT.encode("utf-32"),
    "an unknown encoding": b"# coding: klingon\n" + SCRIPT.encode(),
    "an encoding that is no text": b"# coding: zlib\n" + SCRIPT.encode(),
    "an encoding that lies": b"# coding: ascii\n# \xc3\xa9\n" + SCRIPT.encode(),
    "NUL": SCRIPT.encode() + b"a = '\0'\n",
    "a program": b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(255, -1, -1)) * 40,
    "half a character": SCRIPT.encode() + b"# \xe2\x82",
    "half a pair": SCRIPT + "a = '\ud800'\n",
    "colours and directions": SCRIPT + "a = '\x1b[2J\u202e'\nb\x1b = 1\n",
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_text_is_one_message_or_read_all_the_same(kind):
    found = examined(UNREADABLE[kind])
    assert isinstance(found, str) or any(place.startswith("line ") for place in places_of(found))


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", b"", b"\xef\xbb\xbf", "pass\n", "\f\n"])
def test_where_nothing_is_trained_nothing_is_wrong(text):
    found = examined(text)
    assert isinstance(found, str) or [one for one in found if one.severity != "note"] == []
