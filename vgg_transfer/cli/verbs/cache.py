"""``vgg-transfer cache``: what is stored of frozen blocks, and how to be rid of it."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.words import size_in_words

if TYPE_CHECKING:
    from vgg_transfer.activations import Entry


def cache(
    clear: Annotated[
        bool, typer.Option("--clear", help="Remove what no training is using right now.")
    ] = False,
    older_than: Annotated[
        float,
        typer.Option(
            metavar="DAYS", min=0, help="With --clear: only what was not used for so many days."
        ),
    ] = 0.0,
    as_json: recipe_options.AsJson = False,
) -> None:
    """List or clear the stored activations of frozen blocks.

    They lie in $VGG_TRANSFER_CACHE (default: vgg-transfer/activations in the user's cache folder)
    and take at most $VGG_TRANSFER_CACHE_GB gigabytes (default 50); what was not used for longest
    goes first. Images that had to be unpacked or written lie beside them; that folder is shown and
    never cleared, because runs may be evaluated on its images again: delete it by hand. So are
    the file bf16.json, which holds how much faster bf16 was on this machine when it was first
    tried, and the folder splits, which holds how images were split, so that they stay there.
    """
    from vgg_transfer.activations import clear as clear_stores
    from vgg_transfer.activations import listing
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.answers import CacheAnswer, PreparedImages
    from vgg_transfer.images.sources.prepared import prepared_bytes
    from vgg_transfer.places import cache_folder, prepared_images, size_limit

    if older_than and not clear:
        raise typer.BadParameter("--older-than says what to clear: write --clear as well")
    screen, folder, limit = open_screen(as_json), cache_folder(), size_limit()
    gone, busy = clear_stores(folder, older_than * 86400) if clear else ([], [])
    left, images = listing(folder), prepared_bytes()
    if clear:
        screen.note("removed", [_line(entry) for entry in gone] or ["nothing"])
        screen.note("in use", [_line(entry) for entry in busy])
    else:
        screen.note("stored", [_line(entry) for entry in left] or ["nothing"])
        used = sum(entry.bytes for entry in left)
        share = f"{size_in_words(used)} of at most {limit / 1e9:g} GB"
        screen.note("in all", [f"{share}, in {folder}"])
        if images:
            screen.note("images", [f"{size_in_words(images)} prepared, in {prepared_images()}"])
    screen.answer(
        CacheAnswer(
            folder, limit, tuple(gone), tuple(left), PreparedImages(prepared_images(), images)
        )
    )


def _line(entry: "Entry") -> str:
    hours = (time.time() - entry.last_used) / 3600
    age = f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
    in_use = ", in use" if entry.in_use else ""
    return f"{size_in_words(entry.bytes):>7}  {entry.what}; last used {age} ago{in_use}"
