"""OpenVINO, begun once in a process and never let go."""

from functools import cache
from typing import Any

from vgg_transfer.silence import nothing_reported


@cache
def core() -> Any:
    """Return what reads and compiles OpenVINO's models.

    On a processor with AMX each one gives the thread that first compiles with it a stack for
    signals. Of two that are let go in the order in which they came, the second puts back the stack
    that the first has freed, and Python ends by a segmentation fault at the next Ctrl-C.
    """
    with nothing_reported():
        import openvino
    return openvino.Core()
