"""A program followed statement by statement, as Python would go through it.

follow       the door
statements   what binds, branches, repeats and defines
expressions  what stands for a value; its operators, comprehensions and calls beside it
"""

from vgg_transfer.doctor.scripts.following.follow import follow

__all__ = ["follow"]
