"""Scripts that are read and not run, watched: soon, in little memory, with nothing written."""

import time

from support.watched import bounded, in_time, seen
from vgg_transfer.doctor.scripts import examine_script, read_script
from vgg_transfer.errors import VggTransferError
from vgg_transfer.finding import Finding

FAULT = "vgg.layers.pop()"
HEAD = "from tensorflow import keras\nvgg = keras.applications.VGG16()\n"
SCRIPT = HEAD + FAULT + "\n"
"""A script with a fault in its third line."""
_SOON = 2.0  # seconds of its own, whatever else the machine does


def examined(script: str | bytes, name: str = "x.py") -> tuple[Finding, ...] | str:
    """Return the findings, or the message of the error, of a script that is not run."""
    began = time.thread_time()
    with seen() as done, bounded(), in_time():
        try:
            found: tuple[Finding, ...] | str = examine_script(read_script(script, name))
        except VggTransferError as error:
            found = str(error)
    assert time.thread_time() - began < _SOON
    # What Python keeps of modules that it imports is not the script's doing.
    assert [path for path in done.outside() if path.parent.name != "__pycache__"] == []
    assert done.started == []
    for sentence in [found] if isinstance(found, str) else [one.sentence for one in found]:
        assert 10 < len(sentence) < 2000
        assert sentence.isprintable()
    return found


def places_of(found: tuple[Finding, ...] | str, code: str = "popped-layers") -> list[str]:
    """Return where a fault was found; there must be findings and no error."""
    assert not isinstance(found, str), found
    return [one.where for one in found if one.code == code]
