"""What a service answers, as it stands in JSON and in its OpenAPI description."""

from pydantic import BaseModel, Field

from vgg_transfer.explanations.shades import spotlight
from vgg_transfer.images.squares import Floats
from vgg_transfer.run import Prediction


class Likely(BaseModel):
    """A class with its probability."""

    name: str = Field(serialization_alias="class", description="A class.")
    probability: float = Field(description="From 0 to 1.")


class Answer(BaseModel):
    """What the model says of one picture, or why it cannot be read."""

    name: str = Field(description="The name of the file, as it was sent.")
    likeliest: str | None = Field(
        serialization_alias="class", description="The likeliest class; null with an error."
    )
    top: list[Likely] = Field(description="Classes and probabilities, the likeliest first.")
    sure: bool | None = Field(
        None, description="Whether this class can be relied on; null where nothing is known of it."
    )
    possible: list[str] | None = Field(
        None, description="The classes that it may be of, likeliest first; null as above."
    )
    familiar: bool | None = Field(
        None, description="Whether it is like what was trained on; null where it is not known."
    )
    heat: str | None = Field(
        None,
        description="What decided the answer, as a shade to be laid over the picture: a PNG as "
        "data URL. Null where it was not asked for, or nothing speaks for the class.",
    )
    no_heat: str | None = Field(None, description="Why there is no heat though it was asked for.")
    error: str | None = Field(None, description="Why the file cannot be read.")


class Answers(BaseModel):
    """What the model says of the pictures of a request, in their order."""

    model: str = Field(description="What answers.")
    pictures: list[Answer]


class Fault(BaseModel):
    """Why a request is not answered."""

    error: str = Field(description="What is wrong, what was received, what to do.")


class About(BaseModel):
    """What is served here, and what it takes."""

    model: str
    classes: list[str]
    heat: bool
    no_heat: str
    tried: str
    examples: list[str]
    most_bytes: int
    most_pictures: int


def text(name: str) -> str:
    """Return the name of a class as JSON can hold it: bytes that are no text as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def answer_of(
    found: Prediction, top: int | None, heat: Floats | None = None, no_heat: str | None = None
) -> Answer:
    """Return what is answered of a picture.

    Args:
        found: what the model says.
        top: how many of the likeliest classes; None: all.
        heat: where the picture speaks for its class, from 0 to 1. [default: not asked for]
        no_heat: why it cannot be told. [default: it was not asked for]
    """
    shares = found.probabilities
    return Answer(
        name=str(found.path),
        likeliest=None if found.label is None else text(found.label),
        top=[Likely(name=text(name), probability=shares[name]) for name in [*shares][:top]],
        sure=found.sure,
        possible=None if found.possible is None else [text(name) for name in found.possible],
        familiar=found.familiar,
        heat=spotlight(heat, "PNG") if heat is not None and heat.any() else None,
        no_heat=no_heat,
        error=found.error,
    )
