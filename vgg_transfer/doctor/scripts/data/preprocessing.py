"""What ``preprocess_input`` makes of pixels, by the module that it comes from."""

_PIXELS = {
    "vgg16": "bgr",
    "vgg19": "bgr",
    "resnet50": "bgr",
    "resnet": "bgr",
    "imagenet_utils": "bgr",
    "inception_v3": "signed",
    "inception_resnet_v2": "signed",
    "xception": "signed",
    "mobilenet": "signed",
    "mobilenet_v2": "signed",
    "nasnet": "signed",
    "resnet_v2": "signed",
    "resnet50_v2": "signed",
    "densenet": "torch",
    "efficientnet": "raw",
    "efficientnet_v2": "raw",
    "mobilenet_v3": "raw",
    "convnext": "raw",
}


def preprocessed_pixels(path: str) -> str:
    """Return what pixels from 0 to 255 become: ``bgr``, ``signed``, ``torch`` or ``raw``.

    Args:
        path: of a ``preprocess_input``, with its module: ``keras.applications.vgg16.…``.

    Returns:
        As in `state_of`; empty where the module is none of ours.
    """
    return _PIXELS.get(path.rpartition(".")[0].rpartition(".")[2], "")
