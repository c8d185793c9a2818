"""HOW IT LEARNS: a recipe and an image set become a run, stage by stage.

``train("exact-first", "photos", out="runs/first")`` is the door, ``resume("runs/first")`` goes on
where it was stopped; what happens meanwhile are ``events``.
"""

from vgg_transfer.training.resume import resume
from vgg_transfer.training.train import train

__all__ = ["resume", "train"]
