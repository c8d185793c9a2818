"""What stays the same over all stages of a training."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from vgg_transfer.activations.keys import Calibration
from vgg_transfer.activations.passes import PassFromImages, compute_pass
from vgg_transfer.events import Listener
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.network import Network, at_size
from vgg_transfer.recipe import Stage
from vgg_transfer.training.devices import Device
from vgg_transfer.training.spread.spread import Spread


@dataclass(frozen=True)
class Context:
    """One training: its network, images and surroundings.

    Args:
        network: the network that is trained; its recipe is the training's.
        image_set: what it learns from and is judged on.
        device: where it computes, and in which precision.
        seed: decides order, augmentation and dropout, with the stage and the epoch.
        listen: hears what happens.
        tensorboard: the folder for TensorBoard's logs; None writes none.
        cache: the folder of stored activations; None stores nothing.
        int8: stored activations are computed in int8, calibrated so; None: as all else is.
            [default: None]
        from_images: computes what is stored of images. [default: it is computed in this process]
        spread: the devices that share its batches. [default: one]
    """

    network: Network
    image_set: ImageSet
    device: Device
    seed: int
    listen: Listener
    tensorboard: Path | None
    cache: Path | None
    int8: Calibration | None = None
    from_images: PassFromImages = compute_pass
    spread: Spread = field(default_factory=Spread)

    @property
    def train(self) -> tuple[ImageRecord, ...]:
        """The images to train on."""
        return self.image_set.split("train")

    @property
    def validation(self) -> tuple[ImageRecord, ...]:
        """The images to choose by."""
        return self.image_set.split("val")

    @property
    def class_weights(self) -> dict[int, float] | None:
        """The weights of the classes in the loss, where the recipe wants them."""
        wanted = self.network.recipe.class_weights
        return None if wanted == "none" else self.image_set.class_weights(wanted)

    def at(self, stage: Stage) -> "Context":
        """Return the context as a stage sees it: its network reads images of the stage's size."""
        return replace(self, network=at_size(self.network, self.network.recipe.size_of(stage)))

    def shape(self, stage: Stage) -> BatchForm:
        """Return the form in which a stage reads its images."""
        recipe = self.network.recipe
        return BatchForm(recipe.size, recipe.resize, stage.batch_size or recipe.batch_size)
