"""The recipe: everything that decides a training, as one frozen value."""

from pydantic import model_validator

from vgg_transfer.finding import Finding
from vgg_transfer.recipe import checks
from vgg_transfer.recipe.settings import Settings


class Recipe(Settings):
    """Same recipe, same image set, same seed: same weights.

    Args:
        name: what it is called in lists and run folders.
        description: what it does, in a phrase.
        source: the text or publication that it follows; empty for a schedule of our own.
        size: side of the images in pixels, 8 to 2048; each block of the base halves it.
        resize: how images become square: ``"squash"``, ``"crop"`` or ``"pad"``.
        preprocess: ``"imagenet"`` (what the published weights were trained with), ``"rescale"``
            (pixels / 255) or ``"standardize"``: each channel less its mean over the training
            images, divided by its standard deviation.
        precision: ``"fp32"``, ``"bf16"``, ``"fp16"``, or ``"auto"``: bf16 where the device has it
            in hardware, fp16 on GPUs that have only that (capability 7), where they are faster.
        frozen_precision: of the activations that are stored of frozen blocks: ``"same"``, as
            ``precision``; ``"int8"``, in 8-bit integers on the processor (extra ``fast``), with
            ranges from 100 training images; or ``"auto"``: int8 where ``precision`` is ``"auto"``,
            the processor has it in hardware, at least the work of 1,000 photographs at 224 px is
            to be done, and int8 loses at most 1% of what tells validation images apart. What
            trains, and the model that is kept, never computes in int8.
        batch_size: images of one step, 1 to 65,536.
        class_weights: multiplies the loss of each image to make up for uneven classes:
            ``"balanced"``, by how rare its class is; ``"effective"``, more gently, by the effective
            number of images.
        sampling: ``"balanced"`` draws every class equally often in an epoch, which keeps its number
            of images: rare ones come several times, of common classes some are left out.
        base: the network below the head.
        head: everything behind the base.
        augmentation: random changes to training images, or the name of a set: ``"strong"``.
        views: how a stage with frozen blocks sees its images: ``"plain"``, unchanged and computed
            once; a number of augmented renderings of every image, each computed once; ``"fresh"``,
            new augmentation in every epoch and nothing stored; ``"auto"`` decides by an estimate of
            cost. Where nothing can be stored (no room, ``--no-cache``), views are fresh and mixup
            mixes pixels instead of activations; plain images give the same result either way.
        tta: test-time augmentation of the images that the training is judged on, and what
            ``predict`` and ``evaluate`` do with the run unless they are told otherwise: ``"none"``;
            ``"flip"``, which averages over the mirror image too; or a number from 1 to 64, over
            that many views by ``augmentation``. Validation in the epochs and the model that is
            saved know nothing of it.
        until: ``"worth it"`` ends the training before a stage that opens a lower block than all
            stages before it, where a probe expects too little of it on the validation images.
        stage: the stages, in order; at least one.
    """

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Recipe":
        faults = checks.faults(self)
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know before training: things that are allowed and rarely meant."""
        return checks.findings(self)
