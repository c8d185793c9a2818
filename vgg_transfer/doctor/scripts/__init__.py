"""Scripts that train with Keras, read and never run.

source      a script, a notebook or a text with code, as one program
statements  a small interpreter over the syntax tree: values that are known, and the unknown
keras/      what calls of Keras and its neighbours stand for
story       what the script does, in order
rules/      from the story to findings, each beside its entry of the catalogue
carrying/   from the story to a recipe
"""

from vgg_transfer.doctor.scripts.carrying.carry import Carried, recipe_of
from vgg_transfer.doctor.scripts.examine import ENTRIES, examine_script
from vgg_transfer.doctor.scripts.opened import is_script, open_script
from vgg_transfer.doctor.scripts.read import read_script
from vgg_transfer.doctor.scripts.story import Story

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
