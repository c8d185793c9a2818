"""Names of Keras that are gone or going, and what could not be read."""

import re
from collections.abc import Iterator
from dataclasses import replace

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.scripts.keras.names import within_keras
from vgg_transfer.doctor.scripts.story.layers import Used
from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.choices import Callback
from vgg_transfer.finding import Finding, Severity
from vgg_transfer.words import counted, excerpt

REMOVED_API = Entry(
    "removed-api",
    "error",
    "A name that Keras no longer has",
    "The script stops there, goes on without what the name asked for, or will stop one day.",
    "Imports, methods and arguments by name, against Keras 3. A warning where the argument is "
    "ignored, a note where it still works and is only deprecated.",
)
UNREAD = Entry(
    "unread",
    "note",
    "A part of the script that was not read",
    "Nothing is said about it: neither what is wrong there, nor what follows from it.",
    "Models that come from something unknown; statements that are no Python 3, are nested too "
    "deeply, or come after more than can be read in a second; and libraries other than Keras.",
)
_MODULES: dict[str, tuple[str, Severity]] = {
    "utils.np_utils": ("keras.utils.to_categorical", "error"),
    "utils.vis_utils": ("keras.utils.plot_model", "error"),
    "utils.generic_utils": ("keras.utils", "error"),
    "utils.training_utils": ("tf.distribute.MirroredStrategy", "error"),
    "utils.multi_gpu_model": ("tf.distribute.MirroredStrategy", "error"),
    "layers.normalization": ("keras.layers.BatchNormalization", "error"),
    "layers.core": ("keras.layers", "error"),
    "layers.convolutional": ("keras.layers", "error"),
    "layers.pooling": ("keras.layers", "error"),
    "layers.merge": ("keras.layers", "error"),
    "layers.noise": ("keras.layers", "error"),
    "layers.recurrent": ("keras.layers", "error"),
    "layers.embeddings": ("keras.layers", "error"),
    "layers.advanced_activations": ("keras.layers", "error"),
    "layers.experimental": ("keras.layers, where Rescaling and RandomFlip are now", "error"),
    "engine": ("keras.Model, keras.layers", "error"),
    "wrappers.scikit_learn": ("the package scikeras", "error"),
    "callbacks.callbacks": ("keras.callbacks", "error"),
    "preprocessing.image_dataset_from_directory": (
        "keras.utils.image_dataset_from_directory",
        "note",
    ),
    "optimizers.adam_v2": ("keras.optimizers.Adam", "error"),
    "optimizers.gradient_descent_v2": ("keras.optimizers.SGD", "error"),
    "optimizers.rmsprop_v2": ("keras.optimizers.RMSprop", "error"),
    "optimizers.legacy": ("keras.optimizers", "error"),
    "backend.set_learning_phase": ("model(x, training=False)", "error"),
    "backend.learning_phase": ("model(x, training=False)", "error"),
    "backend.set_image_dim_ordering": ("keras.backend.set_image_data_format", "error"),
    "backend.image_dim_ordering": ("keras.backend.image_data_format", "error"),
}
_GENERATOR = "image_dataset_from_directory with Rescaling and Random… layers"
_METHODS = {
    ".fit_generator": "fit, which takes generators",
    ".evaluate_generator": "evaluate, which takes generators",
    ".predict_generator": "predict, which takes generators",
    ".predict_classes": "predict(...).argmax(axis=-1), or > 0.5 of one unit",
    ".predict_proba": "predict",
}
_ARGUMENTS: dict[str, tuple[str, Severity]] = {
    "lr=": ("learning_rate=", "error"),
    "decay=": ("a schedule of keras.optimizers.schedules", "warning"),
    "nb_epoch=": ("epochs=", "error"),
    "samples_per_epoch=": ("steps_per_epoch=, in batches, or nothing", "error"),
    "nb_val_samples=": ("validation_steps=, in batches, or nothing", "error"),
    "Model(input=…)": ("inputs=", "error"),
    "Model(output=…)": ("outputs=", "error"),
    "output_dim=": ("units=", "error"),
    "init=": ("kernel_initializer=", "error"),
    "W_regularizer=": ("kernel_regularizer=", "error"),
    "border_mode=": ("padding=", "error"),
    "subsample=": ("strides=", "error"),
    "dim_ordering=": ("data_format=", "error"),
    "nb_filter=": ("filters=", "error"),
    "nb_row=": ("kernel_size=", "error"),
    "nb_col=": ("kernel_size=", "error"),
    "p=": ("rate=", "error"),
    "bias=": ("use_bias=", "error"),
    "workers=": ("a PyDataset, which takes it", "error"),
    "use_multiprocessing=": ("a PyDataset, which takes it", "error"),
    "max_queue_size=": ("a PyDataset, which takes it", "error"),
    "lr of an optimizer": ("optimizer.learning_rate", "error"),
    "period=": ("save_freq=, or nothing", "error"),
    "compile(…, …, metrics)": ("metrics=[...], by its name", "error"),
}


_KEEPS_KERAS_2 = re.compile(r"TF_USE_LEGACY_KERAS|\btf_keras\b")
_FILES = {
    "ModelCheckpoint to a file that does not end in .keras": "a file that ends in .keras",
    "ModelCheckpoint of weights to a file that does not end in .weights.h5": "a file that does",
    "save_weights to a file that does not end in .weights.h5": "a file that does",
}


def removed_api(story: Story) -> Iterator[Finding]:
    """Find names that are gone, each at its first line."""
    told: set[str] = set()
    if any(_KEEPS_KERAS_2.search(line) for line in story.source.lines):
        return
    for event in story.all(Used):
        found = _gone(event)
        if found is None or found[0] in told:
            continue
        name, instead, severity = found
        told.add(name)
        seen = {
            "error": f"{name} is not there any more",
            "warning": f"{name} is ignored",
            "note": f"{name} is deprecated",
        }
        said = f"{name} is refused" if event.kind == "file" else seen[severity]
        finding = REMOVED_API.found(story.source.where(event.line), f"{said}, in Keras 3", instead)
        yield replace(finding, severity=severity)


def _gone(event: Used) -> tuple[str, str, Severity] | None:
    if event.kind == "method":
        return (event.what, _METHODS[event.what], "error") if event.what in _METHODS else None
    if event.kind == "file":
        return event.what, _FILES[event.what], "error"
    if event.kind == "argument":
        if event.what in _ARGUMENTS:
            return (event.what, *_ARGUMENTS[event.what])
        is_old = event.what.startswith(("Conv", "Convolution2D(")) and "(" in event.what
        return (event.what, "a kernel as a pair: (3, 3)", "error") if is_old else None
    inside = within_keras(event.what)
    if inside is None or event.what.startswith("keras.src."):
        return None
    if inside == "preprocessing.image.ImageDataGenerator":
        of_tensorflow = event.what.startswith("tensorflow.")
        return ("ImageDataGenerator", _GENERATOR, "note" if of_tensorflow else "error")
    for module, (instead, severity) in _MODULES.items():
        if inside == module or inside.startswith(f"{module}."):
            return (f"keras.{module}", instead, severity)
    return None


def old_monitor(story: Story) -> Iterator[Finding]:
    """Find callbacks that wait for a number under a name that it no longer has."""
    told: set[int] = set()
    for fitted in story.all(Fitted):
        compiled = fitted.compiled
        for callback in fitted.callbacks or ():
            line = callback.lines.get("monitor", callback.line)
            if line not in told and _is_old(callback, compiled):
                told.add(line)
                finding = REMOVED_API.found(
                    story.source.where(line),
                    f"{callback.kind} on line {callback.line} waits for 'val_acc', and there is "
                    "only 'val_accuracy', so it never acts",
                    "monitor='val_accuracy'",
                )
                yield replace(finding, severity="warning")


def _is_old(callback: Callback, compiled: Compiled | None) -> bool:
    return (
        callback.settings.get("monitor") == "val_acc"
        and compiled is not None
        and "accuracy" in compiled.metrics
        and "acc" not in compiled.metrics
    )


def unread(story: Story) -> Iterator[Finding]:
    """Say what was not read, and where another library trains."""
    others = [one for one in story.all(Used) if one.kind == "import" and _other_library(one.what)]
    if others and not story.trainings:
        library = others[0].what.partition(".")[0]
        yield UNREAD.found(
            story.source.where(others[0].line),
            f"what is done with {library} is not read: only training with Keras is",
        )
    yield from _unknown_models(story)
    if not story.unread:
        return
    (line, why), more = story.unread[0], len(story.unread) - 1
    beside = f"; and {counted(more, 'place')} more" if more else ""
    yield UNREAD.found(story.source.where(line), f"{excerpt(why, 120)}{beside}")


def _unknown_models(story: Story) -> Iterator[Finding]:
    """Say which models are trained and not known, so that nothing is said of them."""
    told: set[int] = set()
    for fitted in story.all(Fitted):
        model = fitted.model
        if not model.uncertain or fitted.line in told:
            continue
        told.add(fitted.line)
        made = f" of line {model.line}" if model.line != fitted.line else ""
        yield UNREAD.found(
            story.source.where(fitted.line),
            f"the model{made} that line {fitted.line} trains comes from, or goes through, what is "
            "not known, so its layers are not judged",
        )


def _other_library(path: str) -> bool:
    return path.partition(".")[0] in ("torch", "torchvision", "fastai", "mxnet", "caffe", "paddle")
