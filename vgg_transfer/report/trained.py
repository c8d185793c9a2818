"""What the front door calls ``train`` and ``resume``: they leave pictures behind."""

from vgg_transfer import training
from vgg_transfer.report.figures.named import draw_into_folder
from vgg_transfer.report.kept import followed_by

train = followed_by(draw_into_folder, training.train)
resume = followed_by(draw_into_folder, training.resume)
