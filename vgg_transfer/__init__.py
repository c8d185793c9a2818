"""Fine-tune VGG16 on a folder of images: staged, fast, with a number you can trust.

    import vgg_transfer as vt

    run = vt.train("exact-first", "photos", out="runs/first")  # one folder per class
    run.predict(["new.jpg"])

A recipe is a name, a TOML file or a value: ``vt.recipes.exact_first(size=96)``. Images are a
path, arrays or what ``vt.load_images`` returns. Every name is loaded when it is first used, so that
importing the package costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The same names once more, for type checkers; tests/test_package.py compares them.
    from vgg_transfer import errors as errors
    from vgg_transfer import run
    from vgg_transfer.adoption.adopt import adopt as adopt
    from vgg_transfer.artefacts import check as check
    from vgg_transfer.artefacts import open_artefact as open_artefact
    from vgg_transfer.comparison import compare_runs as compare_runs
    from vgg_transfer.comparison import read_comparison as read_comparison
    from vgg_transfer.deploy.evaluate import evaluate as evaluate
    from vgg_transfer.deploy.predict import predict as predict
    from vgg_transfer.deploy.predict import predict_each as predict_each
    from vgg_transfer.doctor.diagnose import diagnose as diagnose
    from vgg_transfer.doctor.treatment.treat import treat as treat
    from vgg_transfer.explanations.explain import explain as explain
    from vgg_transfer.explanations.faithfulness import faithfulness as faithfulness
    from vgg_transfer.explanations.heatmaps import heatmaps as heatmaps
    from vgg_transfer.explanations.nearest import nearest as nearest
    from vgg_transfer.exports.export import export as export
    from vgg_transfer.images import Splitting as Splitting
    from vgg_transfer.images import from_arrays as from_arrays
    from vgg_transfer.images import from_dataset as from_dataset
    from vgg_transfer.images import load_images as load_images
    from vgg_transfer.recipe import Augmentation as Augmentation
    from vgg_transfer.recipe import Head as Head
    from vgg_transfer.recipe import Recipe as Recipe
    from vgg_transfer.recipe import Stage as Stage
    from vgg_transfer.recipe.catalogue import registry
    from vgg_transfer.report.figures import plots as plots
    from vgg_transfer.report.html.write import write_report as write_report
    from vgg_transfer.report.kept import compare as compare
    from vgg_transfer.report.trained import resume as resume
    from vgg_transfer.report.trained import train as train
    from vgg_transfer.reproduction import reproduce as reproduce
    from vgg_transfer.sample import SampleOptions as SampleOptions
    from vgg_transfer.sample import draw_sample as draw_sample
    from vgg_transfer.tuning import tune as tune

    __version__: str
    read_run = run.read
    recipes = registry

# Where each name lives: the module, and behind a colon the name in it.
_HOMES = {
    "Augmentation": "recipe:Augmentation",
    "Head": "recipe:Head",
    "Recipe": "recipe:Recipe",
    "SampleOptions": "sample:SampleOptions",
    "Splitting": "images:Splitting",
    "Stage": "recipe:Stage",
    "adopt": "adoption:adopt",
    "check": "artefacts:check",
    "compare": "report.kept:compare",
    "compare_runs": "comparison:compare_runs",
    "diagnose": "doctor.diagnose:diagnose",
    "draw_sample": "sample:draw_sample",
    "errors": "errors",
    "evaluate": "deploy:evaluate",
    "explain": "explanations.explain:explain",
    "export": "exports.export:export",
    "faithfulness": "explanations.faithfulness:faithfulness",
    "from_arrays": "images:from_arrays",
    "from_dataset": "images:from_dataset",
    "heatmaps": "explanations.heatmaps:heatmaps",
    "load_images": "images:load_images",
    "nearest": "explanations.nearest:nearest",
    "open_artefact": "artefacts:open_artefact",
    "plots": "report.figures.plots",
    "predict": "deploy:predict",
    "predict_each": "deploy:predict_each",
    "read_comparison": "comparison:read_comparison",
    "read_run": "run:read",
    "recipes": "recipe.catalogue.registry",
    "reproduce": "reproduction:reproduce",
    "resume": "report.trained:resume",
    "train": "report.trained:train",
    "treat": "doctor.treatment:treat",
    "tune": "tuning:tune",
    "write_report": "report.html.write:write_report",
}
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 (strings, all of them)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used (PEP 562)."""
    if name == "__version__":
        value: object = importlib.import_module("importlib.metadata").version("vgg-transfer")
    elif name in _HOMES:
        module, _, inside = _HOMES[name].partition(":")
        home = importlib.import_module(f"{__name__}.{module}")
        value = getattr(home, inside) if inside else home
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
