"""What serving needs beyond the package itself: asked for before it is imported."""

from importlib.util import find_spec

from vgg_transfer.errors import ServeError


def check_extra() -> None:
    """Refuse to serve where what is needed is not installed.

    Raises:
        ServeError: with how to install it.
    """
    missing = [name for name in ("fastapi", "uvicorn", "python_multipart") if not find_spec(name)]
    if missing:
        raise ServeError(
            f"{', '.join(missing)} cannot be found, and serving needs it: pip install "
            '"vgg-transfer[serve]"'
        )
