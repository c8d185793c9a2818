"""The base of every recipe part, and the kinds of number that recipes are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Strict: a rate written as text is a mistake to report, not a number to guess.
Rate = Annotated[float, Field(gt=0, le=10, strict=True, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Count = Annotated[int, Field(ge=1, strict=True)]
Whole = Annotated[int, Field(ge=0, strict=True)]
Size = Annotated[int, Field(ge=8, le=2048, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Value(BaseModel):
    """A frozen part of a recipe that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
