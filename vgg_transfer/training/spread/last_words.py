"""What is said when this process is gone: by a child that outlives it.

Where one of several processes is lost, JAX ends the others from within, by an abort that no Python
hears of.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# It keeps the last line it was given, and says it once nobody can give it another.
_CHILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
last = b""
for last in sys.stdin.buffer:
    pass
sys.stderr.buffer.write(last if last.strip() else b"")
"""


@contextmanager
def last_words() -> Iterator[Callable[[str], None]]:
    """Yield a function that takes what is to be said should this process end within."""
    command = [sys.executable, "-I", "-S", "-c", _CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        pipe = child.stdin

        def say(sentence: str) -> None:
            if pipe is not None:
                with suppress(BrokenPipeError):  # the child was killed as well
                    pipe.write(f"{' '.join(sentence.split())}\n".encode())
                    pipe.flush()

        try:
            yield say
        finally:
            say("")
