"""The other side of ``processes``: one trial in a process of its own. Run it with ``python -m``.

It reads one order from stdin, trains, and tells on stdout what the training tells: pickled
(word, values), where a word is a method of ``Progress``, or the last one: ``finished`` or
``failed``. It ends at once when the process that started it is gone.
"""

import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import BinaryIO

from vgg_transfer.comparison.trials import in_this_process
from vgg_transfer.errors import VggTransferError
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, StageOutcome

_STDIN, _STDOUT, _STDERR = 0, 1, 2


class Telling:
    """Tells the other process what a training tells (it is a ``training.Progress``)."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe

    def tell(self, word: str, *values: object) -> None:
        """Send one word with its values."""
        try:
            pickle.dump((word, values), self._pipe)
            self._pipe.flush()
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more

    def planned(self, stages: Sequence[Stage]) -> None:
        """Tell the plan."""
        self.tell("planned", stages)

    def said(self, line: str) -> None:
        """Tell the sentence."""
        self.tell("said", line)

    def stage_began(self, number: int, stage: Stage, steps: int) -> None:
        """Tell that a stage began."""
        self.tell("stage_began", number, stage, steps)

    def filling_began(self, what: str, steps: int) -> None:
        """Tell what is counted."""
        self.tell("filling_began", what, steps)

    def stepped(self) -> None:
        """Tell that a batch is done."""
        self.tell("stepped")

    def epoch_ended(self, epoch: Epoch) -> None:
        """Tell the epoch."""
        self.tell("epoch_ended", epoch)

    def stage_ended(self, outcome: StageOutcome) -> None:
        """Tell the outcome."""
        self.tell("stage_ended", outcome)


def main() -> None:
    """Train the one trial that was ordered."""
    # Ctrl-C reaches every process of a terminal; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not fall between the words.
    pipe = os.fdopen(os.dup(_STDOUT), "wb")
    os.dup2(_STDERR, _STDOUT)
    telling = Telling(pipe)
    trial, image_set, folder = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    try:
        in_this_process(trial, image_set, folder, telling)
        telling.tell("finished")
    except VggTransferError as error:
        telling.tell("failed", error)
    except Exception as error:
        traceback.print_exc()
        reason = next(iter(str(error).splitlines()), "")
        telling.tell("failed", VggTransferError(f"{type(error).__name__}: {reason}"))
    # All is written; taking TensorFlow down in order would only take time.
    os._exit(0)


def _end_with_the_other() -> None:
    """Wait until stdin closes, which it does when the process at its other end is gone."""
    while os.read(_STDIN, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
