"""Build the API reference from docstrings: `api.py FOLDER`. A warning of pdoc is an error."""

import sys
import warnings
from pathlib import Path

import pdoc

import vgg_transfer

# The front door first, then the rooms whose values its functions take and return.
PAGES = (
    "vgg_transfer",
    "vgg_transfer.recipe",
    "vgg_transfer.recipe.catalogue.registry",
    "vgg_transfer.images",
    "vgg_transfer.run",
    "vgg_transfer.evaluation",
    "vgg_transfer.training",
    "vgg_transfer.trials",
    "vgg_transfer.comparison",
    "vgg_transfer.reproduction",
    "vgg_transfer.tuning",
    "vgg_transfer.doctor",
    "vgg_transfer.deploy",
    "vgg_transfer.adoption",
    "vgg_transfer.report.figures.plots",
    "vgg_transfer.report.html.write",
    "vgg_transfer.sample",
    "vgg_transfer.events",
    "vgg_transfer.finding",
    "vgg_transfer.errors",
)


def build(folder: Path) -> list[str]:
    """Write one page per module of ``PAGES`` into a folder; return pdoc's warnings."""
    # pdoc reads a module's dictionary, where the front door's names stand once they were used.
    for name in vgg_transfer.__all__:
        getattr(vgg_transfer, name)
    pdoc.render.configure(docformat="google", footer_text=vgg_transfer.__version__)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for page in PAGES:
            # What a front lists is documented as a name, not as the module it is defined in.
            pdoc.doc.Module.from_name(page).submodules = []
        pdoc.pdoc(*_only_these(), output_directory=folder)
    own = Path(pdoc.__file__).parent
    return [str(one.message) for one in caught if own in Path(one.filename).parents]


def _only_these() -> list[str]:
    """Return the pages, and with "!" what pdoc would add because ``__all__`` names it."""
    pages = "|".join(PAGES).replace(".", r"\.")
    return [PAGES[0], rf"!{PAGES[0]}\.", *PAGES[1:], f"!(?!({pages})$)"]


if __name__ == "__main__":
    found = build(Path(sys.argv[1]))
    print(*found, sep="\n", file=sys.stderr)
    sys.exit(1 if found else 0)
