"""A SavedModel that also takes files, as TensorFlow Serving is given them: JPEG, PNG, GIF, BMP.

They are decoded as ``images.decode`` does it: a large JPEG at a fraction of its size, upright as
its EXIF data say, transparent pixels over white.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from vgg_transfer.images.resize import resizing
from vgg_transfer.images.squares import Resize

_EXIF_WITHIN = 65536  # bytes: it stands in front, in one segment
# Tag 0x0112, a short, one of them; then the value. Big-endian and little-endian.
_ORIENTATIONS = (
    (b"\x01\x12\x00\x03\x00\x00\x00\x01\x00", 9),
    (b"\x12\x01\x03\x00\x01\x00\x00\x00", 8),
)


def write_saved_model(
    model: keras.Model, folder: Path, class_names: Sequence[str], size: int, how: Resize
) -> None:
    """Write a SavedModel with the signatures ``serving_default`` (pixels) and ``serve_bytes``.

    Args:
        model: from pixels to probabilities.
        folder: where to.
        class_names: each answer names them, in the order of its probabilities.
        size: the side of the squares that the model looks at.
        how: it makes them of pictures.
    """
    names = tf.constant(list(class_names))
    resize = resizing(size, how)

    def answer(pixels: Any) -> dict[str, Any]:
        rows = model(pixels, training=False)
        return {
            "probabilities": rows,
            "classes": tf.repeat(names[tf.newaxis], tf.shape(rows)[0], axis=0),
        }

    def answer_bytes(image_bytes: Any) -> dict[str, Any]:
        def one(data: Any) -> Any:
            return tf.ensure_shape(resize(_decoded(data, size)[tf.newaxis])[0], (size, size, 3))

        return answer(tf.map_fn(one, image_bytes, fn_output_signature=tf.float32))

    archive = keras.export.ExportArchive()  # tracks what is used; a model tracked is there twice
    archive.add_endpoint(
        "serve", answer, [tf.TensorSpec((None, None, None, 3), tf.float32, name="pixels")]
    )
    archive.add_endpoint(
        "serve_bytes", answer_bytes, [tf.TensorSpec((None,), tf.string, name="image_bytes")]
    )
    archive.write_out(str(folder), verbose=False)


def _decoded(data: Any, size: int) -> Any:
    """Return the picture in the bytes of a file as (height, width, 3), float32, upright."""
    is_jpeg = tf.equal(tf.strings.substr(data, 0, 2), b"\xff\xd8")
    is_png = tf.equal(tf.strings.substr(data, 0, 4), b"\x89PNG")

    def other() -> Any:
        pixels = tf.io.decode_image(data, channels=3, expand_animations=False)
        return tf.cast(tf.ensure_shape(pixels, (None, None, 3)), tf.float32)

    def otherwise() -> Any:
        return tf.cond(is_png, lambda: _over_white(tf.io.decode_png(data, channels=4)), other)

    return tf.cond(is_jpeg, lambda: _upright(_jpeg(data, size), _orientation(data)), otherwise)


def _jpeg(data: Any, size: int) -> Any:
    """Decode a JPEG, at 1/2, 1/4 or 1/8 where its short side keeps two pixels for each one."""
    side = tf.reduce_min(tf.io.extract_jpeg_shape(data)[:2]) // (2 * size)

    def at(ratio: int) -> Any:
        return lambda: tf.io.decode_jpeg(data, 3, ratio=ratio, dct_method="INTEGER_ACCURATE")

    which = tf.cast(side >= 2, tf.int32) + tf.cast(side >= 4, tf.int32)
    which += tf.cast(side >= 8, tf.int32)
    return tf.cast(tf.switch_case(which, [at(1), at(2), at(4), at(8)]), tf.float32)


def _over_white(pixels: Any) -> Any:
    coloured = tf.cast(pixels, tf.float32)
    opaque = coloured[..., 3:] / 255
    return tf.round(coloured[..., :3] * opaque + 255 * (1 - opaque))


def _orientation(data: Any) -> Any:
    """Return the EXIF orientation of a JPEG, 1 to 8; 1 where there is none."""
    start = tf.io.decode_raw(tf.strings.substr(data, 0, _EXIF_WITHIN), tf.uint8)
    found = tf.constant(1)
    for tag, offset in _ORIENTATIONS:
        known = tf.constant(list(tag), tf.uint8)
        windows = tf.signal.frame(tf.cast(start, tf.int32), offset + 1, 1)
        same = tf.reduce_all(windows[:, : len(tag)] == tf.cast(known, tf.int32), axis=1)
        value = tf.cond(
            tf.reduce_any(same),
            lambda windows=windows, same=same, offset=offset: windows[tf.argmax(same), offset],
            lambda: tf.constant(1),
        )
        found = tf.where((value >= 2) & (value <= 8), value, found)
    return found


def _upright(pixels: Any, orientation: Any) -> Any:
    """Turn and mirror a picture as its EXIF orientation says."""
    turned = tf.cond(orientation >= 5, lambda: tf.transpose(pixels, (1, 0, 2)), lambda: pixels)
    # After the transposition: 6 and 7 are mirrored left to right, 7 and 8 upside down.
    is_mirrored = tf.reduce_any(orientation == tf.constant([2, 3, 6, 7]))
    is_upside_down = tf.reduce_any(orientation == tf.constant([3, 4, 7, 8]))
    turned = tf.cond(is_mirrored, lambda: turned[:, ::-1], lambda: turned)
    return tf.cond(is_upside_down, lambda: turned[::-1], lambda: turned)
