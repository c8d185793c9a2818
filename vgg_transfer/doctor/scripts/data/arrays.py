"""Arrays: NumPy, scikit-learn's splits, Keras's data sets, and what one does to labels."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.data.splits import split_of
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Ordered, Prediction
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.choices import Loss
from vgg_transfer.doctor.scripts.values.labels import Encoder, Labels, labels_in
from vgg_transfer.doctor.scripts.values.numbers import Divided, number
from vgg_transfer.doctor.scripts.values.origins import Part, key_of
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step, joined, unseen
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Several, Unknown, is_known

# name: classes, side, images to train and to test
_DATA_SETS = {
    "cifar10": (10, 32, 50_000, 10_000),
    "cifar100": (100, 32, 50_000, 10_000),
    "mnist": (10, 28, 60_000, 10_000),
    "fashion_mnist": (10, 28, 60_000, 10_000),
}
_ENCODERS = {"LabelEncoder": "integers", "OneHotEncoder": "onehot", "LabelBinarizer": "binarized"}
_SAME = frozenset(
    [
        "array",
        "asarray",
        "expand_dims",
        "squeeze",
        "float32",
        "cast",
        "convert_to_tensor",
        "constant",
        "ascontiguousarray",
        "copy",
        "repeat",
        "stack",
        "concatenate",
        "vstack",
        "transpose",
        "clip",
        "round",
        "ravel",
        "hstack",
    ]
)
_DECODING = frozenset(
    (
        *("img_to_array", "imread", "load_img", "read_file"),
        *("decode_jpeg", "decode_png", "decode_image", "decode_bmp"),
    )
)
_OF_PREDICTIONS = frozenset(
    ["argmax", "round", "where", "squeeze", "array", "concatenate", "ravel", "rint", "argsort"]
)


def of_arrays(scene: Scene, call: Call) -> Any:
    """Return what a function that makes or changes arrays gives; None where it is none."""
    name = call.name
    first = call.given[0] if call.given else next(iter(call.named.values()), None)
    if name == "load_data" and (found := _data_set(call)) is not None:
        return found
    if call.path.startswith("sklearn.") and name in _ENCODERS:
        return Encoder(_ENCODERS[name])
    if name == "train_test_split":
        return _split(call)
    if name == "to_categorical" or call.path.endswith("one_hot"):
        return _one_hot(call)
    if name == "resize" and (given := call.get("images", 0, call.get("src"))) is not None:
        return _resized(call, given)
    if name in _DECODING or call.path == "PIL.Image.open":
        return _read(call, first)
    if call.path.startswith(("numpy", "tensorflow", "keras.ops")):
        return _of_numpy(call, first)
    if call.path.startswith("pandas.") and name in ("get_dummies", "factorize"):
        return _of_pandas(call)
    if name in ("floor", "ceil"):
        return _math(name, first)
    if name == "cvtColor" and isinstance(first, Pictures):
        return first
    if name == "shuffle" and call.path.startswith("sklearn"):
        return tuple(call.given) if len(call.given) > 1 else first
    return None


def _of_numpy(call: Call, first: Any) -> Any:
    """Return what a function of NumPy, TensorFlow or keras.ops makes of its first argument."""
    name = call.name
    if isinstance(first, list | tuple) and first and name in _SAME | _OF_PREDICTIONS:
        first = _alike(first, call.line)
    if isinstance(first, Loss) and name in ("reduce_mean", "mean"):
        return first
    if isinstance(first, Several) and name in _SAME:
        first = first.of
    if isinstance(first, Prediction | Ordered) and name in _OF_PREDICTIONS | _SAME:
        return first
    if name in _SAME and isinstance(first, Pictures | Labels | int | float | list | tuple):
        return first
    if name == "argmax" and isinstance(first, Labels):
        return replace(first, form="integers", lowest=0, width=None, line=call.line)
    if name == "per_image_standardization" and isinstance(first, Pictures):
        return first.done(Step("standardize", call.line))
    if name == "randint":
        return _drawn(call)
    if name in ("eye", "identity"):
        width = call.get("N", 0)
        return Labels(object(), call.line, "onehot", width=width if type(width) is int else None)
    if name == "unique" and call.named.get("return_inverse") is True:
        return (UNKNOWN, Labels(object(), call.line, "integers", lowest=0))
    return _math(name, first) or _augmented(call, first)


def _data_set(call: Call) -> Any:
    parts = call.path.split(".")
    kind = parts[-2] if len(parts) > 1 else ""
    if kind not in _DATA_SETS:
        return None
    classes, side, train, test = _DATA_SETS[kind]
    pairs = []
    for split, count in (("train", train), ("test", test)):
        origin = (kind, split)
        pictures = Pictures(origin, call.line, True, split, size=side, count=count)
        pairs.append((pictures, Labels(origin, call.line, "integers", classes, 0, count=count)))
    return tuple(pairs)


def _split(call: Call) -> Any:
    """Two parts of each array; parts of one call belong together."""
    share = call.get("test_size", default=None)
    split = object()
    return tuple(
        _side(labels_in(given) or given, split, part, share)
        for given in call.given
        for part in ("rest", "held out")
    )


def _side(of: Any, split: object, part: str, share: Any) -> Any:
    """Return one side of a split of images or labels; what is unknown stays a part of itself."""
    key = (split, part)
    if isinstance(of, Unknown):
        return Unknown("", split, of, key) if of.text else UNKNOWN
    if isinstance(of, Pictures):
        origin, count = Part(of.origin, key), _part(of.count, share, part)
        return replace(of, origin=origin, count=count, name="", alike=split)
    if isinstance(of, Labels):
        origin, count = Part(of.origin, key), _part(of.count, share, part)
        return replace(of, origin=origin, count=count, name="")
    return UNKNOWN


def _part(count: int | None, share: Any, part: str) -> int | None:
    portion = number(share)
    if count is None or portion is None:
        return None
    held = round(count * portion) if portion < 1 else int(portion)
    return held if part == "held out" else count - held


def _one_hot(call: Call) -> Any:
    given = call.get("y", 0, call.get("indices"))
    width = call.get("num_classes", 1, call.get("depth"))
    columns = width if isinstance(width, int) else None
    inner = given.of if isinstance(given, Several) else labels_in(given)
    if isinstance(inner, Labels):
        given = inner
    if isinstance(given, Labels):
        if width is None and given.classes is not None and given.lowest is not None:
            columns = given.classes + given.lowest
        return replace(given, form="onehot", width=columns, line=call.line)
    if isinstance(given, Several | list):
        given = UNKNOWN
    origin = given if isinstance(given, Unknown) and given.text else call.line
    return Labels(origin, call.line, "onehot", width=columns)


def _alike(values: Any, line: int) -> Any:
    """Return the one kind of thing that a list holds."""
    first = values[0]
    if all(isinstance(one, Unknown) and one.whole is not None for one in values):
        values = [unseen(one, line, None) for one in values]
    if all(isinstance(one, Pictures) for one in values):
        return joined(list(values))
    return first if isinstance(first, Pictures | Labels | Prediction | Ordered) else values


def _resized(call: Call, given: Any) -> Any:
    size = call.get("size", 1, call.get("dsize"))
    side = None
    if isinstance(size, list | tuple) and len(size) == 2 and all(isinstance(a, int) for a in size):
        side = min(size)
    if isinstance(given, Pictures):
        return replace(given, size=side)
    return UNKNOWN


def _of_pandas(call: Call) -> Any:
    if call.name == "factorize":
        return (Labels(object(), call.line, "integers", lowest=0), UNKNOWN)
    return UNKNOWN if "drop_first" in call.named else Labels(object(), call.line, "onehot")


def _math(name: str, first: Any) -> Any:
    if isinstance(first, Divided) and name == "floor":
        return first.floored()
    value = number(first)
    if value is None:
        return None
    if name == "ceil":
        return -int(-value // 1)
    return int(value // 1) if name in ("floor", "rint") else None


def _drawn(call: Call) -> Any:
    """Random whole numbers: labels in a row, pixels in several directions."""
    low, high, size = call.get("low", 0), call.get("high", 1), call.get("size", 2)
    if high is None:
        low, high = 0, low
    if isinstance(size, tuple) and len(size) > 2:
        count = size[0] if isinstance(size[0], int) else None
        return Pictures(object(), call.line, high in (255, 256), count=count)
    if not (isinstance(low, int) and isinstance(high, int)) or size is None:
        return UNKNOWN
    return Labels(object(), call.line, "integers", high - low, low)


def _augmented(call: Call, first: Any) -> Any:
    """``tf.image.random_flip_left_right`` and its like change pixels at random."""
    if isinstance(first, Pictures) and ".image." in call.path:
        if call.name.startswith(("random_", "stateless_random")):
            return replace(first, augmented=call.line)
        if call.name == "convert_image_dtype":
            return first.done(Step("times", call.line, 1 / 255))
        plain = call.name in ("grayscale_to_rgb", "resize_with_pad", "resize_with_crop_or_pad")
        return first if plain else UNKNOWN
    return UNKNOWN


def _read(call: Call, first: Any) -> Any:
    if isinstance(first, Pictures):
        # Of a file, and of its bytes, the pixels begin where it is decoded.
        decodes = call.name.startswith("decode")
        return replace(first, known=True, steps=(), augmented=0, size=None) if decodes else first
    if call.name == "read_file":
        return UNKNOWN
    size = call.named.get("target_size")
    side = min(size) if isinstance(size, tuple | list) and is_known(size) and size else None
    origin = object() if first is None else ("files", key_of(first))
    return Pictures(origin, call.line, True, split_of(first), size=side)
