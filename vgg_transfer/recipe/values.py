"""What every part of a recipe is made of: kinds of number, and values that are changed by copy."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.tables import checked, merge, plain

# Strict: a rate written as text is a mistake to report, not a number to guess.
Rate = Annotated[float, Field(gt=0, le=10, strict=True, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Count = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Batch = Annotated[int, Field(ge=1, le=65_536, strict=True)]
Whole = Annotated[int, Field(ge=0, strict=True)]
Size = Annotated[int, Field(ge=8, le=2048, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Value(BaseModel):
    """A frozen part of a recipe that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    def changed(self, **changes: Any) -> Self:
        """Return a copy with some settings changed, checked like a recipe file.

            recipe.changed(size=96, stage_2={"rate": 1e-5}, augmentation="strong")

        Args:
            changes: new values by the names that a recipe file has. A dict changes single settings
                of a part and keeps the others; any other value, such as ``Head(dense=(256,))``,
                takes the place of the old one. ``stage_2`` is the second stage of a recipe, and
                ``None`` takes an optional setting away.

        Raises:
            RecipeError: with every fault, and the nearest known name for an unknown one.
        """
        if not changes:
            return self
        table = plain(self)
        faults = merge(table, changes)
        return checked(type(self), table, f"the changed {type(self).__name__}", faults)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy; refuse ``update``, which pydantic would not check."""
        if update:
            raise RecipeError(
                f"model_copy(update=...) would not check {', '.join(update)}: "
                f"use changed({', '.join(f'{name}=...' for name in update)}), which does"
            )
        return super().model_copy(deep=deep)
