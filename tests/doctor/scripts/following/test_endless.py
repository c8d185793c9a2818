"""Scripts that would never end, fill the memory or do harm: they are not run, and read soon."""

import pytest
from support.unrun import SCRIPT, examined, places_of

LARGE = {
    "a power": "a = 10 ** 10 ** 10",
    "a shift": "a = 1 << 10 ** 12",
    "a product": "a = 'x' * 10 ** 11\nb = [0] * 10 ** 11\nc = (0,) * 10 ** 11",
    "a range": "a = list(range(10 ** 12))\nb = sum(range(10 ** 10))\nfor i in range(10**12): c",
    "a format": "a = f'{1:>9999999999}'\nb = '%9999999999d' % 1\nc = '{:9999999999}'.format(1)",
    "methods": "a = 'x'.ljust(10 ** 11)\nb = 'x'.center(10 ** 11)\nc = bytes(10 ** 11)",
    "replacing": "a = 'x' * 1000\n" + "a = a.replace('x', 'xxxxxxxxxx')\n" * 12,
    "joining": "a = 'x' * 1000\n" + "a = a.join([a] * 1000)\n" * 5,
    "doubling": "a = [0]\nb = 'x'\nfor i in range(100):\n    a = a + a\n    b += b\n    a += a",
    "squaring": "a = 3\nfor i in range(100):\n    a = a * a",
    "digits": "a = " + "9" * 100_000,
    "a factorial": "import math\na = math.factorial(10 ** 8)\nb = math.comb(10 ** 7, 10 ** 6)",
    "a product of loops": "a = [(i, j, k) for i in range(9999) for j in range(9999) for k in [1]]",
    "a shape": "import numpy as np\na = np.zeros((10 ** 6, 10 ** 6))\nb = np.arange(10 ** 12)",
    "layers": "for i in range(10 ** 9):\n    h = keras.layers.Dense(10 ** 9)(vgg.output)",
    "a huge float": "a = 1e400 // 1\nb = int(1e308)\nc = 1e309 - 1e309\nd = range(0, 9, 0)",
    "a division": "a = 1 / 0\nb = 1 // 0\nc = 5 % 0\nd = divmod(1, 0)\ne = 0 ** -1",
    "texts put together": "a = '{}{}' * 400\nfor i in range(50):\n    a = a.format(*[a] * 800)\n"
    "    a = '%s%s' % (a, a)\n    a = a.replace('', a)\n    a = ''.join([a] * 1000)",
    "loops in loops": "a = b = c = 0\nwhile a < 10 ** 9:\n    a += 1\n    while b < a * 10 ** 9:\n"
    "        b += 1\n        while c < b * 10 ** 9: c += 1",
    "a sum of all": "from functools import reduce\na = reduce(lambda a, b: a * b, range(10 ** 9))\n"
    "b = any(x > 5 for x in range(10 ** 12))\nc = list(filter(None, range(10 ** 12)))",
    "a key in itself": "import numpy as np\na = []\na.append(a)\n"
    "b = np.load('x')[a]\nc = slice(a, a, b)",
    "a split": "a = ('x ' * 10 ** 7).split()",
}


@pytest.mark.parametrize("kind", LARGE)
def test_values_without_end_are_not_computed(kind):
    found = examined(SCRIPT + LARGE[kind] + "\n")
    assert isinstance(found, str) or places_of(found) == ["line 3"]


ENDLESS = {
    "a loop": "while True:\n    model = keras.Model(vgg.input, vgg.output)",
    "a counter": "import itertools\nfor i in itertools.count():\n    a = i",
    "a function": "def f(n):\n    return f(n + 1)\nf(0)",
    "two functions": "def f():\n    return g()\ndef g():\n    return f()\nf()",
    "a lambda": "f = lambda x: f(x)\nf(1)",
    "a method": "class A:\n    def m(self):\n        self.m()\n        return A().m()\nA().m()",
    "a making": "class A:\n    def __init__(self):\n        self.a = A()\nA()",
    "a property": "class A:\n    @property\n    def a(self):\n        return self.a\nb = A().a",
    "an inheritance": "class A(A):\n    pass\nclass B(C): pass\nclass C(B): pass\nC().fit(1)",
    "a decorator": "def d(f):\n    return d(f)\n@d\ndef g(): pass\ng()",
    "a generator": "def g():\n    while True:\n        yield 1\na = [*g()]\nb, *c = g()",
    "a list in itself": "a = []\na.append(a)\nb = [*a, a]\nprint(a == b, f'{a}')\n[*a, *b]",
    "a mapping in itself": "a = {}\na['a'] = a\na.update(a)\nb = {**a}\nprint(a == b)",
    "a growing list": "a = [1]\nfor b in a:\n    a.append(b)",
    "a model in itself": "m = keras.Sequential()\nm.add(m)\nm.add(m)\nm.trainable = False",
    "a partial of itself": "from functools import partial\nf = print\nfor i in range(999):\n"
    "    f = partial(f, i)\nf()",
    "an argument": "def f(a=lambda: f()):\n    return a()\nf()",
    "a map": "def f(a):\n    return list(map(f, [a, a]))\nf(1)",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_does_not_end_is_not_followed_to_its_end(kind):
    assert places_of(examined(SCRIPT + ENDLESS[kind] + "\n")) == ["line 3"]


def _each_twice(count: int) -> str:
    """Return functions each of which calls the one before it twice: 2 ** count calls."""
    functions = (f"def f{i + 1}(a):\n    return f{i}(f{i}(a))\n" for i in range(count))
    return "def f0(a):\n    return a\n" + "".join(functions) + f"f{count}(vgg.output)"


MANY = {
    "functions": _each_twice(60),
    "branches": "def f():\n    a = 0\n" + "    if b: a = a + 1\n" * 200 + "    return a\nf()",
    "ways": "a = 0\n" + "if b:\n    a = a + 1\nelse:\n    a = a + 2\n" * 300,
    "loops": "".join(f"{' ' * i}for i{i} in range(100):\n" for i in range(12)) + " " * 12 + "f()",
    "comprehensions": "a = [[[[[0 for i in range(99)] for i in range(99)] for i in range(99)]"
    " for i in range(99)] for i in range(99)]",
    "layers": "a = [l for m in vgg.layers for n in vgg.layers for o in vgg.layers for p in"
    " vgg.layers for l in vgg.layers]",
    "shared layers": "h = vgg.output\nfor i in range(300):\n    h = keras.layers.Add()([h, h])\n"
    "m = keras.Model(vgg.input, h)\nfor l in m.layers:\n    l.trainable = False",
    "models in models": "m = keras.Sequential([keras.layers.Dense(9)])\n"
    "for i in range(60):\n    m = keras.Sequential([m, m])\nm.trainable = False",
    "shared lists": "a = [0]\nfor i in range(60):\n    a = [a, a]\nprint(a == a, f'{a}')\nb = [*a]",
    "mappings": "d = {}\nfor i in range(60):\n    d = {'a': d, 'b': d}\nprint(d == d, str(d))",
    "trainings": "for a in range(99):\n  for b in range(99):\n    for c in range(99):\n"
    "      model = keras.Model(vgg.input, vgg.output)\n      model.compile('adam', 'mse')\n"
    "      model.fit(x, y)",
}


@pytest.mark.parametrize("kind", MANY)
def test_what_grows_with_each_line_is_cut_off(kind):
    assert places_of(examined(SCRIPT + MANY[kind] + "\n")) == ["line 3"]


def test_a_script_that_would_do_harm_does_none(tmp_path):
    kept, made = tmp_path / "kept.txt", tmp_path / "made.txt"
    kept.write_text("kept")
    harm = f"""
import os, shutil, subprocess, sys, pathlib, importlib
os.remove({str(kept)!r}); shutil.rmtree({str(tmp_path)!r})
pathlib.Path({str(kept)!r}).unlink(); open({str(made)!r}, "w").write("made")
subprocess.run(["touch", {str(made)!r}]); os.system("touch {made}"); sys.exit(1)
exec("open({str(made)!r}, 'w')"); eval("__import__('os').system('touch {made}')")
__import__("os").remove({str(kept)!r}); importlib.import_module("antigravity"); import this
class A(metaclass=__import__("abc").ABCMeta):
    os.remove({str(kept)!r})
f"{{os.remove({str(kept)!r})}}"
"{{0.__class__.__mro__}}".format(os)
assert os.fork() and os.kill(os.getpid(), 9)
"""
    assert places_of(examined(SCRIPT + harm)) == ["line 3"]
    assert kept.read_text() == "kept"
    assert list(tmp_path.iterdir()) == [kept]
