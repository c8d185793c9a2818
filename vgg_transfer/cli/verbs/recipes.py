"""``vgg-transfer recipes``: what can be done, and each recipe as a file to edit."""

from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.recipe import Recipe


def recipes(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Show this one as TOML, ready for --recipe FILE."),
    ] = None,
    augmentations: Annotated[
        bool, typer.Option("--augmentations", help="List the named augmentations instead.")
    ] = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """List the recipes, or print one as TOML.

    `vgg-transfer recipes exact-first > mine.toml` gives a file to edit, for `--recipe mine.toml`.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.answers import RecipesAnswer, RecipeSummary
    from vgg_transfer.recipe import named, names

    if augmentations and name is not None:
        raise typer.BadParameter("give the NAME of a recipe or --augmentations, not both")
    screen = open_screen(as_json)
    if augmentations:
        _show_augmentations(screen)
    elif name is not None:
        _show_one(screen, named(name))
    else:
        every = [named(each) for each in names()]
        screen.answer(RecipesAnswer(tuple(RecipeSummary(*_summary(recipe)) for recipe in every)))
        if not as_json:
            _show_all(screen, every)


def _show_augmentations(screen: "Screen") -> None:
    from vgg_transfer.cli.json.answers import AugmentationsAnswer, NamedAugmentation
    from vgg_transfer.recipe import augmentation_names, named_augmentation
    from vgg_transfer.recipe.catalogue.augmentation_registry import augmentation_purpose

    every = {name: named_augmentation(name) for name in augmentation_names()}
    named = (
        NamedAugmentation(name, augmentation_purpose(name), found) for name, found in every.items()
    )
    screen.answer(AugmentationsAnswer(tuple(named)))
    if screen.as_json:
        return
    width = max(map(len, every)) + 2
    for name, found in every.items():
        lines = [augmentation_purpose(name), ", ".join(found.in_words)]
        screen.note(name, lines, "cyan", width=width)
    screen.say(
        "\nUse one with `train DATA --set augmentation=NAME`; "
        "see it with `augment DATA --augmentation NAME --out FILE.png`."
    )


def _show_one(screen: "Screen", recipe: "Recipe") -> None:
    from vgg_transfer.cli.json.answers import RecipeAnswer
    from vgg_transfer.recipe import to_toml
    from vgg_transfer.recipe.catalogue.registry import explanation

    said = explanation(recipe.name)
    if screen.as_json:
        screen.answer(RecipeAnswer(*_summary(recipe), explanation=said, recipe=recipe))
        return
    lines = [f"# {line}".rstrip() for line in said.splitlines()]
    # Not through the screen: what is printed is the file, to the letter.
    print("\n".join([*lines, "", to_toml(recipe)]), end="")


def _show_all(screen: "Screen", every: list["Recipe"]) -> None:
    """Write the schedules, the recipes of each text or library under it, and published results."""
    width = max(len(recipe.name) for recipe in every) + 2
    heading = ""
    for recipe in every:
        if _heading(recipe) != heading:
            screen.say(f"\n{_heading(recipe)}" if heading else _heading(recipe), "bold")
            heading = _heading(recipe)
        screen.note(f"  {recipe.name}", [recipe.description], "cyan", width=width + 2)
    screen.say("\nSee one with `vgg-transfer recipes NAME`; use it with `train --recipe NAME`.")


def _heading(recipe: "Recipe") -> str:
    """Return what a recipe is listed under: what it follows, without the example."""
    from vgg_transfer.recipe.catalogue.registry import published_names

    if recipe.name in published_names():
        return "Published results; compare with `vgg-transfer reproduce NAME`"
    return f"After: {recipe.source.split(' (')[0]}" if recipe.source else "Schedules"


def _summary(recipe: "Recipe") -> tuple[str, str, str]:
    return recipe.name, recipe.description, recipe.source
