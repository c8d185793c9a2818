"""What figures say in words: how good a run is."""

from vgg_transfer.evaluation import Metrics


def accuracy_in_words(metrics: Metrics) -> str:
    """Say the accuracy with its interval."""
    return f"Accuracy {metrics.accuracy:.1%} {metrics.accuracy_interval}"


def images_in_words(metrics: Metrics, split: str) -> str:
    """Say on how many images of which split it was measured."""
    return f"on {metrics.images:,} {split} image{'s' * (metrics.images > 1)}"
