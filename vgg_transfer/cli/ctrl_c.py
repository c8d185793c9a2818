"""Where Ctrl-C goes: what the command line leaves behind when a person ended it.

The first one waits for the end of a batch (``interrupting``). A stage puts its best weights back
(``training.stages.fit``), ``train`` and ``resume`` write the run with the status ``interrupted``, a
comparison or a search keeps its finished trials and what was trained of the last; the verb says how
to go on and leaves with ``INTERRUPTED``. Whatever none of them catches ends in ``cli.main``, with
the note on how to go on that ``run.begun`` has put on it.
"""

INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended
