"""What a run that was not trained says it was made of."""

from vgg_transfer.run import Environment, ImagesUsed, StartingWeights

WEIGHTS = StartingWeights("drawn at random", digest="", published=False)


def environment(precision="fp32"):
    return Environment("3.12", "Linux", "tensorflow", "CPU", precision, {"keras": "3"})


def images_used(image_set=None, counts=None):
    """Return what a run keeps of an image set, or of these counts alone."""
    if image_set is None:
        return ImagesUsed('folder "drawn"', "", "", counts or {}, {})
    return image_set.used()
