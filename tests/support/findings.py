"""What the findings of an image set say, without their codes."""

from vgg_transfer.images import ImageSet


def seen(images: ImageSet) -> tuple[str, ...]:
    """Return what was seen, in order."""
    return tuple(finding.seen for finding in images.findings)
