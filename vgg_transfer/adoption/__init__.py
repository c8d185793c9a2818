"""MODELS OF OTHERS: a Keras classifier that another project has saved becomes a run.

``adopt("model.h5", "photos", out="runs/adopted")`` reads it without running anything that it
brings, recognises a VGG16 or VGG19 with a head, finds out by labelled images how pixels have to be
given to it, and writes a run folder as any other.
"""

from vgg_transfer.adoption.adopt import Adopted, adopt

__all__ = ["Adopted", "adopt"]
