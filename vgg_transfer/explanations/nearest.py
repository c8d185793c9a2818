"""What a picture is taken for: the training images that the model makes most nearly the same of."""

from pathlib import Path

import numpy as np

from vgg_transfer.deploy.familiar import blocks_of, features_of, likeness
from vgg_transfer.deploy.judge import judge
from vgg_transfer.events import Listener, nobody
from vgg_transfer.explanations.values import Near, Neighbours
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import given
from vgg_transfer.run import Run
from vgg_transfer.run.values import Pictures


def nearest(
    run: Run, pictures: Pictures, count: int = 5, listen: Listener = nobody
) -> list[Neighbours]:
    """Find the training images that pictures look like to the run's model.

    When that is first asked of a run, its images are looked at, at most 2,000 training images
    evenly over the list, and what the model makes of them is kept in the run folder.

    Args:
        run: whose model and images are meant.
        pictures: as ``predict`` takes them: files, folders, PIL pictures, arrays.
        count: how many training images for each. [default: 5]
        listen: hears ``ImagesCounted``. [default: nobody]

    Returns:
        One for each file or picture, in the order given, each file once.

    Raises:
        ImageSetError: a path does not exist, there are no files, or an array holds no pixels.
        RunError: the model is missing or damaged, or the images of the run are not there any more.
    """
    each = given(pictures)
    kept = features_of(run, listen)
    is_train = np.array([run.manifest[place].split == "train" for place in kept.places])
    places, train, root = kept.places[is_train], kept.rows[is_train], Path(run.image_set.root)
    found = []
    answers = judge(run, each, run.recipe.tta, listen, blocks_of(run))
    for picture, answer in zip(each, answers, strict=True):
        if isinstance(answer, Undecodable):
            found.append(Neighbours(picture.path, (), str(answer)))
            continue
        (alike,) = likeness(answer[np.newaxis, len(run.class_names) :], train)
        rows = [(run.manifest[places[one]], alike[one]) for one in np.argsort(-alike)[:count]]
        near = [Near(root / row.path, row.class_name, float(share)) for row, share in rows]
        found.append(Neighbours(picture.path, tuple(near)))
    return found
