"""Where batches come from: ImageDataGenerator, folders and tf.data."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from vgg_transfer.doctor.scripts.data.preprocessing import preprocessed_pixels
from vgg_transfer.doctor.scripts.data.splits import split_of
from vgg_transfer.doctor.scripts.story.layers import Made
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Batches, Generator, Prediction
from vgg_transfer.doctor.scripts.values.calling import Call, Named
from vgg_transfer.doctor.scripts.values.labels import Labels, labels_in
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.doctor.scripts.values.origins import Part, key_of
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step, unseen
from vgg_transfer.doctor.scripts.values.scope import Function
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown

_RANDOM = frozenset(
    [
        "rotation_range",
        "width_shift_range",
        "height_shift_range",
        "brightness_range",
        "shear_range",
        "zoom_range",
        "channel_shift_range",
        "horizontal_flip",
        "vertical_flip",
    ]
)


def of_data(scene: Scene, call: Call) -> Any:
    """Return what a function that makes batches gives; None where it is none."""
    if call.name == "ImageDataGenerator":
        found = _generator(scene, call)
        scene.tell(Made(call.line, found))
        return found
    if call.name == "image_dataset_from_directory":
        return _folder(scene, call)
    if call.name == "list_files" and call.path.startswith("tensorflow.data"):
        pattern = call.get("file_pattern", 0)
        files = Pictures(("files", key_of(pattern)), call.line, split=split_of(pattern))
        mixed = call.get("shuffle", 1, True)
        known = mixed if isinstance(mixed, bool) else None
        return Batches(files, None, call.line, "dataset", None, known, call.line_of("shuffle"))
    if call.name in ("from_tensor_slices", "from_tensors"):
        return _slices(call)
    if call.name == "zip" and call.path.startswith("tensorflow.data"):
        inner = call.given[0] if len(call.given) == 1 else call.given
        if isinstance(inner, tuple | list) and len(inner) == 2:
            return paired(inner[0], inner[1], call.line, "dataset")
        return UNKNOWN
    return None


def paired(pictures: Any, labels: Any, line: int, kind: str = "arrays") -> Batches:
    """Return pictures with their labels; unknown arrays are pictures of unknown pixels."""
    if isinstance(pictures, Batches):
        return pictures
    if isinstance(pictures, Unknown):
        pictures = replace(unseen(pictures, line, None), split=split_of(pictures))
    elif not isinstance(pictures, Pictures):
        origin = pictures if isinstance(pictures, Prediction) else object()
        pictures = Pictures(origin, line, augmented=None)
    if labels is not None and not isinstance(labels, Labels):
        name = labels.text if isinstance(labels, Unknown) else ""
        labels = labels_in(labels) or Labels(labels if name else object(), line, name=name)
    return Batches(pictures, labels, line, kind, shuffled=False)


def _generator(scene: Scene, call: Call) -> Generator:
    random = [name for name in _RANDOM if _is_on(call.named.get(name))]
    made = Generator(call.line, settings=dict(call.named), lines=call.lines)
    if random:
        made.augmented = min(call.lines.get(name, call.line) for name in random)
    if call.open or call.given:
        made.augmented = made.augmented or None
    steps: list[Step] = []
    function = call.named.get("preprocessing_function")
    if function is not None:
        steps += _steps_of(scene, function, call.lines.get("preprocessing_function", call.line))
    scale = call.named.get("rescale")
    if scale is not None:
        steps.append(Step("times", call.lines.get("rescale", call.line), number(scale)))
    for what, kind in (("center", "centre"), ("std_normalization", "spread")):
        if any(call.named.get(f"{by}wise_{what}") for by in ("sample", "feature")):
            steps.append(Step(kind, call.line))
    if call.open:
        steps.append(Step("other-numbers", call.line))
    made.steps = tuple(steps)
    return made


def _is_on(value: Any) -> bool:
    return not (value is None or value is False or value == 0)


def _steps_of(scene: Scene, function: Any, line: int) -> tuple[Step, ...]:
    """Return what a function does to the pixels of a picture."""
    if isinstance(function, Named) and function.path.endswith("preprocess_input"):
        pixels = preprocessed_pixels(function.path)
        if pixels == "raw":
            return ()
        return (Step("preprocess" if pixels else "other-numbers", line, module=pixels),)
    if isinstance(function, Function):
        start = Pictures(function, line, True)
        found = scene.run(function, [start])
        if isinstance(found, Pictures):
            steps = found.steps
            if found.augmented:
                return (*steps, Step("other", line))
            return steps
    return (Step("other-numbers", line),)


def flow(scene: Scene, generator: Generator, name: str, call: Call) -> Batches:
    """Return the batches of an ImageDataGenerator: ``flow``, ``flow_from_directory``, ..."""
    mode = call.get("class_mode", default="categorical")
    size = call.get("target_size", 1 if name != "flow_from_dataframe" else None, (256, 256))
    pictures, labels = _from_files(call, mode, size)
    if name == "flow":
        given = call.get("x", 0)
        got = call.get("y", 1)
        if isinstance(given, tuple | list) and len(given) == 2 and got is None:
            given, got = given
        both = paired(given, got, call.line)
        pictures, labels = both.pictures, both.labels
    if name == "flow_from_dataframe":
        origin = (_key(call.get("dataframe", 0)), _key(call.get("directory", 1)))
        frame = call.get("dataframe", 0)
        pictures = replace(pictures, origin=origin, split=split_of(frame) or pictures.split)
        labels = None if labels is None else replace(labels, origin=origin)
    subset = call.get("subset", default=None)
    if subset is not None:
        pictures = _subset(pictures, subset)
    augmented = generator.augmented if pictures.augmented == 0 or name == "flow" else None
    pictures = replace(pictures, steps=(*pictures.steps, *generator.steps), augmented=augmented)
    shuffle = call.get("shuffle", default=True)
    return Batches(
        pictures,
        labels,
        call.line,
        "generator",
        call.get("batch_size", default=32),
        shuffle if isinstance(shuffle, bool) else None,
        call.line_of("shuffle"),
        maker=generator.line,
    )


def _from_files(call: Call, mode: Any, size: Any) -> tuple[Pictures, Labels | None]:
    directory = call.get("directory", 0)
    side = (
        min(size)
        if isinstance(size, tuple | list) and all(isinstance(one, int) for one in size) and size
        else None
    )
    origin = _key(directory)
    pictures = Pictures(origin, call.line, True, split_of(directory), size=side)
    names = call.named.get("classes", call.named.get("class_names"))
    classes = len(names) if isinstance(names, list | tuple) and names else None
    line = call.line_of("class_mode", "label_mode")
    forms = {"categorical": "onehot", "sparse": "integers", "int": "integers", "binary": "binary"}
    if mode is None or mode == "input":
        return pictures, None
    form = forms.get(mode, "") if isinstance(mode, str) else ""
    width = classes if form == "onehot" else None
    return pictures, Labels(origin, line, form, classes, 0, width)


def _key(value: Any) -> Any:
    if isinstance(value, str):
        return str(PurePosixPath(value))
    return value if isinstance(value, Unknown) and value.text else object()


def _folder(scene: Scene, call: Call) -> Any:
    mode = call.get("label_mode", 2, "int")
    size = call.get("image_size", default=(256, 256))
    pictures, labels = _from_files(call, mode, size)
    subset = call.get("subset", default=None)
    if subset is not None and subset != "both":
        pictures = _subset(pictures, subset)
    shuffle = call.get("shuffle", default=True)
    found = Batches(
        pictures,
        labels,
        call.line,
        "dataset",
        call.get("batch_size", default=32),
        shuffle if isinstance(shuffle, bool) else None,
        call.line_of("shuffle"),
    )
    if subset == "both":
        return tuple(
            replace(found, pictures=_subset(pictures, one)) for one in ("training", "validation")
        )
    return found


def _subset(pictures: Pictures, subset: Any) -> Pictures:
    split = {"training": "train", "validation": "val"}.get(str(subset), "")
    return replace(pictures, origin=Part(pictures.origin, key_of(subset)), split=split)


def _slices(call: Call) -> Any:
    given = call.get("tensors", 0)
    if isinstance(given, tuple) and len(given) == 2:
        return paired(given[0], given[1], call.line, "dataset")
    if isinstance(given, Pictures):
        return paired(given, None, call.line, "dataset")
    return UNKNOWN
