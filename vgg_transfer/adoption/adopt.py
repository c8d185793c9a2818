"""The hall: a model of another project in, a run out. Reads from top to bottom."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer import run as record
from vgg_transfer.adoption.adopted import Adopted
from vgg_transfer.adoption.building import origin, ready, recipe_of, without_preprocessing
from vgg_transfer.adoption.class_names import check_names, names_beside, no_names
from vgg_transfer.adoption.inputs import Input, pixels_of, possible
from vgg_transfer.adoption.judging import judged
from vgg_transfer.adoption.racing import Race, race
from vgg_transfer.adoption.reading import read_network
from vgg_transfer.adoption.recognising import Recognised
from vgg_transfer.adoption.sampling import Sample, draw, label_names
from vgg_transfer.adoption.stored import Floats
from vgg_transfer.adoption.verdict import findings_of
from vgg_transfer.errors import AdoptionError
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.network import Network, servable
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.network.saving import save_model
from vgg_transfer.places import cache_folder
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import ImagesUsed, Run
from vgg_transfer.training.devices import choose_device
from vgg_transfer.training.surroundings import environment_of
from vgg_transfer.words import counted, printable

_SIZE = 224  # of images, where a model takes any
_AT_ONCE = 16


def adopt(
    model: Path | str,
    data: Any = None,
    out: Path | str | None = None,
    classes: Sequence[str] | None = None,
    order: str | None = None,
    scaling: str | None = None,
    resize: str | None = None,
    size: int | None = None,
    images: int = 200,
    seed: int = 0,
    listen: Listener = nobody,
) -> Adopted:
    """Make a run of a VGG16 or VGG19 classifier that another project has saved.

    Nothing that the file brings is run. With labelled images it is found out how pixels have to be
    given to it; the images that this was found by are the run's validation images.

    Args:
        model: a .h5 or .keras file, or the folder of a SavedModel.
        data: labelled images, as ``load_images`` takes them. [default: none, so that what is not
            said is assumed]
        out: a new folder for the run. [default: runs/adopted-NAME]
        classes: the names of the classes in the order of the model's outputs. [default: those in
            class_indices.json, class_names.json, labels.txt or classes.txt beside the model, else
            the sorted ones of the data]
        order: of colours, ``"RGB"`` or ``"BGR"``. [default: it is tried]
        scaling: ``"0..255"``, ``"/255"``, ``"-1..1"``, ``"imagenet"`` (what ``preprocess_input``
            of Keras does) or ``"torch"``. [default: it is tried]
        resize: ``"squash"``, ``"crop"`` or ``"pad"``. [default: it is tried]
        size: of images in pixels, where the model takes any. [default: 224]
        images: so many labelled images are looked at, at most. [default: 200]
        seed: decides which. [default: 0]
        listen: is told what is done. [default: nobody]

    Raises:
        AdoptionError: it cannot be read, brings code, is no VGG, or its classes have no names.
        RunError: the folder is taken.
        ImageSetError: the data cannot be used, or has classes that the model does not know.
    """
    began = time.perf_counter()
    model = Path(model)
    folder = Path("runs") / f"adopted-{model.stem}" if out is None else Path(out)
    record.check_free(folder)
    ways = possible(order, scaling, resize)
    network = read_network(model)
    recipe = recipe_of(network, printable(model.name), _size(network, size))
    listen(Said(_in_words(network, recipe)))
    sample = None if data is None else draw(data, images, recipe.size, seed)
    names = _names(model, network, classes, sample)
    found: Race | None = None
    if sample is None:
        given = _assumed(network, order, scaling, resize)
    else:
        sample = label_names(sample, names)
        found = _try(network, recipe, sample, ways, listen)
        given = found.best.given
        names = _in_order(names, found.places)
        sample = sample.named(names)
    built = ready(network, recipe, pixels_of(given, network), given.resize, folder)
    run = Run(
        folder=folder,
        status="complete",
        seed=seed,
        recipe=built.recipe,
        class_names=names,
        image_set=_used(sample, model),
        weights=origin(network, printable(model.name)),
        environment=environment_of(choose_device("fp32"), int8=False),
        stages=(),
        history=(),
        seconds=0.0,
        channels=built.channels,
        findings=findings_of(network, model, given, found, is_said=scaling is not None),
    )
    listen(Said("judges the adopted model, and writes the run"))
    kept = servable(built)
    if sample is not None:
        run = judged(run, kept, sample.images, _AT_ONCE)
    run = replace(run, seconds=time.perf_counter() - began)
    run = record.write(run, lambda path: save_model(kept, path, names))
    return Adopted(run, given, found)


def _in_words(network: Recognised, recipe: Recipe) -> str:
    base, head = network.base, network.head
    layers = ", ".join([head.pooling, *map(str, head.dense), f"{network.classes} classes"])
    width = "" if base.width == 1 else f" of width {base.width:g}"
    return (
        f"recognised {base.architecture.upper()}{width} with {counted(base.blocks, 'block')}, "
        f"images of {recipe.size} px, head: {layers} ({head.output})"
    )


def _size(network: Recognised, wanted: int | None) -> int:
    fits_any = network.size is None or network.head.pooling != "flatten"
    if wanted is not None and not fits_any and wanted != network.size:
        raise AdoptionError(
            f"images of {wanted} px were asked for, and its head fits {network.size} px only: "
            "leave the size out"
        )
    return wanted or network.size or _SIZE


def _names(
    model: Path, network: Recognised, given: Sequence[str] | None, sample: Sample | None
) -> tuple[str, ...]:
    """Return the names of the classes, in the order of the outputs as far as it is known."""
    if given is not None:
        return check_names(tuple(given), network.classes, "what was given")
    beside = names_beside(model)
    if beside is not None:
        names, file = beside
        return check_names(names, network.classes, f'"{printable(file)}"')
    if sample is not None and len(sample.images.class_names) == network.classes:
        return sample.images.class_names
    raise no_names(model, network.classes)


def _assumed(
    network: Recognised, order: str | None, scaling: str | None, resize: str | None
) -> Input:
    """Return how pixels are most likely given to a model that nobody can try."""
    usual = "0..255" if network.scales_itself else "imagenet"
    (given,) = possible(order or "RGB", scaling or usual, resize or "squash")
    return given


def _in_order(names: tuple[str, ...], places: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names as the outputs have them; ``places`` has the output of each name."""
    return tuple(names[places.index(output)] for output in range(len(names)))


def _try(
    network: Recognised,
    recipe: Recipe,
    sample: Sample,
    ways: tuple[Input, ...],
    listen: Listener,
) -> Race:
    bare = without_preprocessing(network, recipe, choose_device("auto", cache_folder()).policy)

    def ask(way: Input, first: int, end: int) -> Floats:
        listen(Said(f"tries {way} on images {first + 1} to {end}"))
        pixels = pixels_of(way, network)
        parts = [
            pixels.of(sample.squares(at, min(at + _AT_ONCE, end), recipe.size, way.resize))
            for at in range(first, end, _AT_ONCE)
        ]
        return np.concatenate([_probabilities(bare, part) for part in parts])

    return race(ask, ways, sample.labels, network.classes, sample.is_square)


def _probabilities(bare: Network, pixels: Floats) -> Floats:
    logits = np.asarray(bare.model.predict_on_batch(pixels), np.float64)
    if not np.isfinite(logits).all():
        raise AdoptionError("what the model answers is not a number, so its weights are not")
    if logits.shape[1] == 1:
        return of_all_classes(1 / (1 + np.exp(-np.clip(logits, -500, 500))))
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def _used(sample: Sample | None, model: Path) -> ImagesUsed:
    if sample is not None:
        return sample.images.used()
    source = f"no images: adopted from {printable(model.name)}"
    return ImagesUsed(source=source, root="", digest="", counts={}, skipped={})
