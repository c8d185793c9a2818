"""All that the doctor can find, and the page that says so: docs/doctor.md."""

from textwrap import fill

from vgg_transfer.doctor import images, learning, recipes, runs, scripts
from vgg_transfer.doctor.entry import Entry

SECTIONS = {
    "Images": images.ENTRIES,
    "Recipes, before anything is paid": recipes.ENTRIES,
    "Runs": runs.ENTRIES,
    "Scripts, by their text": scripts.ENTRIES,
    "More images or more training? Of runs and of images": learning.ENTRIES,
}
"""The entries by what is examined, in the order in which they are listed."""

_WIDTH = 100
_SEVERITIES = {
    "error": "the result cannot be right",
    "warning": "the result is likely worse than it could be",
    "note": "good to know",
}
_BEGINNING = """\
# What the doctor finds

`vgg-transfer doctor TARGET` examines images, a recipe, a run folder or a script that trains with
Keras, and says what is wrong, why it matters and what to do; `vt.diagnose` does so in Python. What
it can find is listed here. A statistic is held against chance with an interval or a test; in doubt
there is a note, or nothing. Of scripts these are found too: `frozen-noise`,
`foreign-preprocessing`, `small-input`, `dying-signal`, `high-rate`, `large-head` and
`idle-patience`.

This page is made from the code; `vgg-transfer doctor --list` prints it."""


def entry_of(code: str) -> Entry | None:
    """Return the entry of a code; None where somebody else found it: a source of images."""
    return next(
        (entry for entries in SECTIONS.values() for entry in entries if entry.code == code), None
    )


def page() -> str:
    """Return docs/doctor.md."""
    meanings = "\n".join(f"- **{name}**: {meaning}." for name, meaning in _SEVERITIES.items())
    described = [
        part
        for heading, entries in SECTIONS.items()
        for part in (f"## {heading}", *map(_described, entries))
    ]
    return "\n\n".join([_BEGINNING, meanings, *described]) + "\n"


def _described(entry: Entry) -> str:
    said = f"`{entry.code}`, {entry.severity}. {entry.why}"
    rests_on = f"Rests on: {entry.rests_on}"
    return "\n\n".join([f"### {entry.what}", *(fill(text, _WIDTH) for text in (said, rests_on))])
