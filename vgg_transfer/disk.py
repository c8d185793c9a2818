"""What lies on the disk, as far as it may be looked at: what cannot be seen counts as not there.

Python's own questions raise an error where a folder above may not be entered, or a name is too
long. Whoever then opens what is not there learns the reason.
"""

from pathlib import Path


def is_file(path: Path) -> bool:
    """Return whether there is a file that can be seen."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Return whether there is a folder that can be seen."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Return whether there is anything that can be seen, a link to nothing included."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def names_in(folder: Path) -> list[str]:
    """Return what is in a folder; nothing where it is none, or may not be looked at."""
    try:
        return [path.name for path in folder.iterdir()]
    except (OSError, ValueError):
        return []


def why_impossible(path: Path) -> str:
    """Return why nothing can be at a path, in a phrase; empty where something is or may be made."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:  # a name that is too long, a folder above that may not be entered
        return (error.strerror or str(error)).lower()
    except ValueError as error:
        return str(error)
    return ""
