"""The other side of ``process``: one trial in a process of its own. Run it with ``python -m``.

It reads one order from stdin, trains, and writes pickles to stdout: every event of the training,
and in the end None where all went well, or the error. It ends at once when the process that
started it is gone.
"""

import os
import pickle
import signal
import sys
import threading
import traceback

from vgg_transfer.errors import VggTransferError
from vgg_transfer.events import Event
from vgg_transfer.trials.engines import in_this_process

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def main() -> None:
    """Train the one trial that was ordered."""
    # Ctrl-C reaches every process of a terminal; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not fall between the pickles.
    pipe = os.fdopen(os.dup(_STDOUT), "wb")
    os.dup2(_STDERR, _STDOUT)

    def tell(message: Event | VggTransferError | None) -> None:
        try:
            pickle.dump(message, pipe)
            pipe.flush()
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more

    trial, image_set, folder = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    try:
        in_this_process(trial, image_set, folder, tell)
        tell(None)
    except VggTransferError as error:
        tell(error)
    except Exception as error:
        traceback.print_exc()
        reason = next(iter(str(error).splitlines()), "")
        tell(VggTransferError(f"{type(error).__name__}: {reason}"))
    # All is written; taking TensorFlow down in order would only take time.
    os._exit(0)


def _end_with_the_other() -> None:
    """Wait until stdin closes, which it does when the process at its other end is gone."""
    while os.read(_STDIN, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
