"""Scripts that train with Keras, read and never run.

source      a script, a notebook or a text with code, as one program
following/  the program followed statement by statement, as Python would
python/     what Python's own operators, attributes, methods and functions give
keras/      what calls of Keras give: layers, models, trainings
data/       what calls around it give: folders, arrays, tf.data, paths
values/     what a name may stand for meanwhile, and the unknown
story/      what the script does, in order
rules/      from the story to findings, each beside its entry of the catalogue
carrying/   from the story to a recipe
"""

from vgg_transfer.doctor.scripts.carrying.carry import Carried, recipe_of
from vgg_transfer.doctor.scripts.examine import ENTRIES, examine_script
from vgg_transfer.doctor.scripts.opened import is_script, open_script
from vgg_transfer.doctor.scripts.read import read_script
from vgg_transfer.doctor.scripts.story.story import Story

__all__ = [
    "ENTRIES",
    "Carried",
    "Story",
    "examine_script",
    "is_script",
    "open_script",
    "read_script",
    "recipe_of",
]
