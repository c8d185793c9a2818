"""The options that say what is done with images, the same for every verb that takes a recipe."""

from typing import Annotated

import typer

NameOrFile = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE",
        help="What to do: a name from `vgg-transfer recipes`, or a TOML file. [default: "
        "exact-first; small-images where the size is at most 64]",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(metavar="imagenet|none|FILE", help="Starting weights. [default: the recipe's]"),
]
Size = Annotated[
    int | None,
    typer.Option(metavar="N", help="Side of the images in pixels. [default: the recipe's]"),
]
Unfreeze = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Open this many blocks in the end (recipes exact-first, staged and gradual).",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one setting of the recipe, such as stage.1.rate=1e-4. Repeatable.",
    ),
]
Seed = Annotated[int, typer.Option(metavar="N", min=0, help="Decides all that is random.")]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Store no activations of frozen blocks, remember no splits."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
