"""HOW IT LEARNS: a recipe and an image set become a run, stage by stage.

``train(recipe, image_set, out="runs/first")`` is the door; what happens meanwhile are ``events``.
"""

from vgg_transfer.training.train import default_folder, train

__all__ = ["default_folder", "train"]
