"""HOW IT LEARNS: a recipe and an image set become a run, stage by stage.

``train(recipe, image_set, out="runs/first")`` is the door; ``Progress`` is what it tells meanwhile.
"""

from vgg_transfer.training.progress import Progress
from vgg_transfer.training.train import default_folder, train

__all__ = ["Progress", "default_folder", "train"]
