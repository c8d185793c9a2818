"""The augmentations that have a name; their first lines say what they do and are for."""

from vgg_transfer.recipe.augmentation import Augmentation


def none() -> Augmentation:
    """Every image as it is: for images that must not change, and to see what others are worth."""
    return Augmentation()


def light() -> Augmentation:
    """Mirrored, and small changes of light: for many images, or where detail decides.

    Nothing is turned or scaled, so no image gets softer, and it costs next to nothing.
    """
    return Augmentation(flip="horizontal", brightness=0.1, contrast=0.1)


def standard() -> Augmentation:
    """Mirrored, and small changes of place, angle, size and light: the default for photographs."""
    return Augmentation(
        flip="horizontal", rotation=10.0, shift=0.05, zoom=0.1, brightness=0.1, contrast=0.1
    )


def strong() -> Augmentation:
    """Large changes of many kinds: for few images, many epochs and several blocks that train.

    A head on a frozen base gains little from it. ``mixup`` may be added; it is left out because it
    cannot be combined with class weights.
    """
    return Augmentation(flip="horizontal", zoom=0.2, rand_augment=0.5, grayscale=0.1, erasing=0.25)


def cifar() -> Augmentation:
    """Cropped at random from 4 more black pixels on every side, and mirrored: for 32 to 64 pixels.

    What most published results on CIFAR-10 and CIFAR-100 use.
    """
    return Augmentation(crop_padding=4, flip="horizontal")


def generator_photos() -> Augmentation:
    """The ImageDataGenerator setting of the texts on photographs: rotation 20, all else 0.2.

    ImageDataGenerator reads ``shear_range=0.2`` as 0.2 degrees, which is nothing; here it is the
    share that the numbers beside it suggest.
    """
    return Augmentation(
        rotation=20.0, shift=0.2, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )


def generator_cifar() -> Augmentation:
    """The ImageDataGenerator setting of the text on CIFAR-100: rotation 15, shifts 0.1, else 0.2.

    Shear is read as in ``generator-photos``.
    """
    return Augmentation(
        rotation=15.0, shift=0.1, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )
