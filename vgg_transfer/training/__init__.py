"""HOW IT LEARNS: a recipe and an image set become a run, stage by stage.

``train("exact-first", "photos", out="runs/first")`` is the door; what happens meanwhile are
``events``.
"""

from vgg_transfer.training.train import train

__all__ = ["train"]
