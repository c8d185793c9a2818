"""What the command line leaves behind, beside 0 (done), 1 (error) and 2 (wrong usage)."""

INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended
