"""What ``--json`` prints: a value for each verb, its text, and its JSON schema.

``answers`` has the values; ``as_text(answer)`` writes one; ``schema(verb)`` describes what a verb
prints, as ``vgg-transfer schema VERB`` shows it.
"""

from vgg_transfer.cli.json.text import ANSWERS, as_text, schema

__all__ = ["ANSWERS", "as_text", "schema"]
