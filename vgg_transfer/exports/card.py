"""The model card: what the model is for a person who gets it, and for sites that read its head."""

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from vgg_transfer.artefacts.artefact import Artefact
from vgg_transfer.artefacts.proving import Checked
from vgg_transfer.evaluation.sentences import describe
from vgg_transfer.exports.made import Kept
from vgg_transfer.recipe.toml import to_toml
from vgg_transfer.run import Run
from vgg_transfer.words import printable, size_in_words


def write_card(
    run: Run, artefact: Artefact, checked: Checked, kept: Kept | None, folder: Path
) -> None:
    """Write README.md beside an exported model: Markdown with the head that model hubs read."""
    environment = Environment(
        loader=PackageLoader("vgg_transfer.exports", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # it is Markdown, for which `plain` escapes names
    )
    environment.filters["plain"] = _plain
    environment.filters["quoted"] = json.dumps
    metrics = run.metrics
    text = environment.get_template("card.md.jinja").render(
        run=run,
        artefact=artefact,
        checked=checked,
        kept=kept,
        metrics=metrics,
        result=describe(metrics) if metrics else "",
        recipe=to_toml(run.recipe),
        size=size_in_words(checked.bytes),
    )
    (folder / "README.md").write_text(_without_places(run, text), encoding="utf-8")


def _without_places(run: Run, text: str) -> str:
    """Return a text that is given away: folders of this machine become their names."""
    for place in (run.image_set.root, run.recipe.base.weights):
        if len(Path(place).parts) > 1:
            for written in (_plain, _quoted, str):
                text = text.replace(written(place), written(Path(place).name))
    return text


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]


def _plain(text: object) -> str:
    """Return text of unknown origin so that Markdown and HTML show it as it is."""
    shown = printable(str(text)).replace("\n", " ")
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#|!~&" else letter for letter in shown)
