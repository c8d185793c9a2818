"""Cats and dogs drawn by code: a set of images to try everything on, with problems on request.

    draw_sample(Path("pets"))                                    a folder that trains well
    draw_sample(Path("bad"), SampleOptions(wrong_labels=0.1, leaks=8, border=True))

``draw_sample`` reads from top to bottom: ``plan`` lists the files, ``picture`` draws one of them,
``problems`` spoils it where asked, ``folder`` writes. Only Pillow and NumPy are needed.
"""

from vgg_transfer.sample.folder import draw_sample
from vgg_transfer.sample.plan import PlantedProblem, SampleOptions, SampleReport

__all__ = ["PlantedProblem", "SampleOptions", "SampleReport", "draw_sample"]
