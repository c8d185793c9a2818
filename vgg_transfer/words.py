"""What a person reads, the same everywhere: printable names, durations and sizes."""

from pathlib import Path


def printable(name: str | Path) -> str:
    """Return a name fit for one line of a terminal: line breaks and stray bytes as escapes."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in str(name)
    )
