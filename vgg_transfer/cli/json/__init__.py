"""What ``--json`` prints: a value for each verb, its text, and its JSON schema.

``answers`` and its siblings have the values; ``as_text(answer)`` writes one. ``schemas`` describes
what a verb prints, as ``vgg-transfer schema VERB`` shows it; it loads every room.
"""

from vgg_transfer.cli.json.text import as_text

__all__ = ["as_text"]
