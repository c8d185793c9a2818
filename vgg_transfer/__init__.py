"""Fine-tune VGG16 on a folder of images: staged, fast, with a number you can trust.

    import vgg_transfer as vt

    images = vt.load_images("photos")  # one folder per class
    run = vt.train(vt.recipes.staged(), images, out="runs/first")
    run.predict(["new.jpg"])

Every name is loaded when it is first used, so that importing the package costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vgg_transfer.comparison.compare import compare
    from vgg_transfer.comparison.record import read_comparison
    from vgg_transfer.comparison.runs import compare_runs
    from vgg_transfer.deploy.evaluate import evaluate
    from vgg_transfer.deploy.predict import predict
    from vgg_transfer.images import from_arrays, from_dataset, load_images
    from vgg_transfer.recipe import Recipe
    from vgg_transfer.recipe.catalogue import schedules as recipes
    from vgg_transfer.report.figures import plots
    from vgg_transfer.reproduction import reproduce
    from vgg_transfer.run import read as read_run
    from vgg_transfer.sample import draw_sample
    from vgg_transfer.training.train import train
    from vgg_transfer.tuning import tune

    __version__: str

__all__ = [
    "Recipe",
    "__version__",
    "compare",
    "compare_runs",
    "draw_sample",
    "evaluate",
    "from_arrays",
    "from_dataset",
    "load_images",
    "plots",
    "predict",
    "read_comparison",
    "read_run",
    "recipes",
    "reproduce",
    "train",
    "tune",
]

# The module and the name in it; an empty name means the module itself.
_HOMES = {
    "Recipe": ("vgg_transfer.recipe", "Recipe"),
    "compare": ("vgg_transfer.comparison", "compare"),
    "compare_runs": ("vgg_transfer.comparison", "compare_runs"),
    "draw_sample": ("vgg_transfer.sample", "draw_sample"),
    "evaluate": ("vgg_transfer.deploy", "evaluate"),
    "from_arrays": ("vgg_transfer.images", "from_arrays"),
    "from_dataset": ("vgg_transfer.images", "from_dataset"),
    "load_images": ("vgg_transfer.images", "load_images"),
    "plots": ("vgg_transfer.report.figures.plots", ""),
    "predict": ("vgg_transfer.deploy", "predict"),
    "read_comparison": ("vgg_transfer.comparison", "read_comparison"),
    "read_run": ("vgg_transfer.run", "read"),
    "recipes": ("vgg_transfer.recipe.catalogue.schedules", ""),
    "reproduce": ("vgg_transfer.reproduction", "reproduce"),
    "train": ("vgg_transfer.training", "train"),
    "tune": ("vgg_transfer.tuning", "tune"),
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used (PEP 562)."""
    if name == "__version__":
        value: object = importlib.import_module("importlib.metadata").version("vgg-transfer")
    elif name in _HOMES:
        module, inside = _HOMES[name]
        home = importlib.import_module(module)
        value = getattr(home, inside) if inside else home
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
