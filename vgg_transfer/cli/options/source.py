"""How a verb asks for images: the argument DATA, and where TensorFlow datasets lie."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vgg_transfer.images import ImageSet, Splitting

SOURCES = (
    "a folder with one folder of images per class (or train, val and test folders of such), a .zip "
    "or .tar.gz of one, csv:FILE, cifar10, cifar100, or tfds:NAME"
)

Data = Annotated[str, typer.Argument(metavar="DATA", help=f"Images: {SOURCES}.")]
TfdsDir = Annotated[
    Path | None,
    typer.Option(
        "--tfds-dir",
        metavar="DIR",
        help="Where datasets of tfds:NAME are prepared. [default: ~/tensorflow_datasets]",
    ),
]

Fixes = Annotated[
    Path | None,
    typer.Option(
        "--fixes",
        metavar="FILE",
        help="Leave images out, or give them another label, as this CSV says: one of "
        "`vgg-transfer doctor DATA --fixes FILE`.",
    ),
]


def read_images(
    data: str,
    seed: int,
    splitting: "Splitting | None" = None,
    tfds_dir: Path | None = None,
    remember: bool = True,
    fixes: Path | None = None,
) -> "ImageSet":
    """Return the images of DATA; the libraries that it may need are loaded in silence."""
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.images import Splitting, load_images

    if data.startswith("tfds:") or data in ("cifar10", "cifar100"):
        load_tensorflow()
    splitting = splitting or Splitting()
    return load_images(data, seed, splitting, tfds_dir, remember=remember, fixes=fixes)
