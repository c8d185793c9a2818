"""The program: ``vgg-transfer``, which is also ``python -m vgg_transfer``."""

import atexit
import os
import sys


def program() -> None:
    """Run the command line, and end the process right after its last output.

    Python ends as always: threads are waited for, everything registered with ``atexit`` runs, what
    was written is flushed. Only then the process goes, with the exit status it would have had.
    Taking TensorFlow apart piece by piece, which is left out, takes a second and serves nobody.
    An error that nobody foresaw ends the usual way, and so does output that cannot be written.
    """
    status: list[int] = []

    def leave() -> None:
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # a process may be started without
                    stream.flush()
        except (OSError, ValueError):
            return  # Python says so itself, as it would have
        if status:
            os._exit(status[0])

    # What is registered first is called last. Therefore this comes before all other imports.
    atexit.register(leave)
    from vgg_transfer.cli import main

    try:
        main()
    except SystemExit as leaving:
        code = 0 if leaving.code is None else leaving.code
        if isinstance(code, int):
            status.append(code)
        raise


if __name__ == "__main__":
    program()
