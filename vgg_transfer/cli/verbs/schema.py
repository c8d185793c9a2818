"""``vgg-transfer schema``: what another verb prints with ``--json``, as a JSON schema."""

import json
from typing import Annotated

import typer


def schema(
    verb: Annotated[str, typer.Argument(metavar="VERB", help="A verb that knows --json.")],
) -> None:
    """Print the JSON schema of what a verb prints with --json."""
    from vgg_transfer.cli.json.schemas import ANSWERS
    from vgg_transfer.cli.json.schemas import schema as schema_of
    from vgg_transfer.errors import did_you_mean

    if verb not in ANSWERS:
        raise typer.BadParameter(
            f'no verb "{verb}" prints JSON.{did_you_mean(verb, ANSWERS)} '
            f"These do: {', '.join(ANSWERS)}"
        )
    print(json.dumps(schema_of(verb), indent=2))
