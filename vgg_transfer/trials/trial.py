"""A trial: one recipe with one seed; and in which settings two recipes differ."""

from dataclasses import dataclass

from vgg_transfer.recipe import Recipe
from vgg_transfer.words import listed


@dataclass(frozen=True)
class Trial:
    """A recipe with a seed.

    Args:
        recipe: what to train.
        seed: decides all that is random in the training.
        cache: False stores no activations of the frozen blocks.
    """

    recipe: Recipe
    seed: int
    cache: bool = True

    @property
    def name(self) -> str:
        """The name of its run folder."""
        return f"{self.recipe.name}-seed{self.seed}"


def differences(first: Recipe, second: Recipe, most: int = 4) -> str:
    """Return how two recipes train differently: ``size (224, 128), batch_size (32, 8)``.

    Args:
        first: its values come first.
        second: its values come second; one that a recipe does not have is ``absent``.
        most: settings to name; those beyond are counted.

    Returns:
        An empty text where both train the same, whatever their descriptions say.
    """
    one, other = (
        _flat(recipe.model_dump(mode="json", exclude={"description", "source"}))
        for recipe in (first, second)
    )
    found = [
        f"{key} ({one.get(key, 'absent')}, {other.get(key, 'absent')})"
        for key in one | other
        if one.get(key) != other.get(key)
    ]
    return listed(found, most, quoted=False)


def _flat(value: object, path: str = "") -> dict[str, object]:
    """Return a nested table as ``{"stage.1.rate": 0.001}``; stages count from 1."""
    if isinstance(value, dict):
        below = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        below = [(str(number), part) for number, part in enumerate(value, start=1)]
    else:
        return {path: value}
    return {
        key: found
        for name, part in below
        for key, found in _flat(part, f"{path}.{name}" if path else name).items()
    }
