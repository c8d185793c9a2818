"""A recognised network, built anew from our own layers with its weights."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras

from vgg_transfer.adoption.inputs import Pixels
from vgg_transfer.adoption.recognising import Recognised
from vgg_transfer.images.squares import Resize
from vgg_transfer.network import Network, build_network
from vgg_transfer.network.base_weights import PUBLISHED_DIGESTS, convolution_names, digest_of
from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.recipe.stage import CosinePlan
from vgg_transfer.run import Channels, StartingWeights

_AS_THEY_ARE = Channels((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def recipe_of(network: Recognised, name: str, size: int) -> Recipe:
    """Return a recipe for the network; its stage is what a training that continues will do.

    Args:
        network: what was recognised.
        name: of the file that it came from.
        size: the side of its images.
    """
    is_published = published(network)
    stage = Stage(train=("head",), epochs=5, plan=CosinePlan(warm_up=1.0), keep="last")
    if not is_published:
        stage = stage.changed(train=("head", network.base.block_names[-1]), rate=3e-5)
    return Recipe(
        name="adopted",
        description=f"adopted from {name}; how it was trained is not known, the stage is what "
        "training on does",
        size=size,
        precision="fp32",
        base=network.base,
        head=network.head,
        stage=(stage,),
    )


def published(network: Recognised) -> bool:
    """Return whether the base has the weights published for ImageNet."""
    base = network.base
    wanted = PUBLISHED_DIGESTS.get(base.architecture)
    return base.blocks == 5 and base.width == 1.0 and digest_of(_tensors(network)) == wanted


def origin(network: Recognised, name: str) -> StartingWeights:
    """Return where the weights came from, for the record."""
    tensors = _tensors(network)
    is_published = published(network)
    if not is_published:
        for place, (kernel, bias) in enumerate(network.dense):
            tensors |= {f"dense{place}/kernel": kernel, f"dense{place}/bias": bias}
    return StartingWeights(f"model {name}", digest_of(tensors), is_published)


def without_preprocessing(network: Recognised, recipe: Recipe, precision: str) -> Network:
    """Return the network as one that receives what its first convolution does."""
    recipe = recipe.changed(preprocess="standardize")
    bare = build_network(recipe, network.classes, None, 0, precision, _AS_THEY_ARE)
    return _loaded(bare, network)


def ready(
    network: Recognised, recipe: Recipe, pixels: Pixels, resize: Resize, folder: Path
) -> Network:
    """Return the network as one that receives RGB pixels 0..255.

    Args:
        network: what was recognised.
        recipe: from ``recipe_of``.
        pixels: what has to become of them.
        resize: how pictures become squares.
        folder: of the run; its recipe begins with the run's own weights, unless they are published.
    """
    preprocess, channels = pixels.as_recorded()
    is_turned = preprocess == "standardize" and pixels.flips
    weights = "imagenet" if published(network) and not is_turned else str(folder.absolute())
    recipe = recipe.changed(preprocess=preprocess, resize=resize, base={"weights": weights})
    if is_turned:
        # What reads blue, green and red reads the same of red, green and blue, turned round.
        (kernel, bias), *others = network.convolutions
        turned = kernel[:, :, ::-1]
        network = replace(network, convolutions=((turned, bias), *others))
    built = build_network(recipe, network.classes, None, 0, channels=channels)
    return _loaded(built, network)


def _loaded(built: Network, network: Recognised) -> Network:
    layers = [layer for block in built.blocks.values() for layer in block]
    _put(layers, keras.layers.Conv2D, network.convolutions)
    _put(layers, keras.layers.Dense, network.dense)
    return built


def _put(layers: list[keras.Layer], kind: Any, tensors: Any) -> None:
    of_kind = [layer for layer in layers if isinstance(layer, kind)]
    for layer, (kernel, bias) in zip(of_kind, tensors, strict=True):
        layer.set_weights([kernel, bias])


def _tensors(network: Recognised) -> dict[str, Any]:
    names = convolution_names(network.base.architecture)
    pairs = zip(names, network.convolutions, strict=False)
    return {
        f"{name}/{part}": value
        for name, tensors in pairs
        for part, value in zip(("kernel", "bias"), tensors, strict=True)
    }
