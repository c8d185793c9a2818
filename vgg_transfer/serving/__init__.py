"""TO ASK FROM ANYWHERE: a model behind HTTP, with a page to try it.

The service gets something ``Served`` and knows no Keras; ``opening`` makes that of a folder.
``service`` has the addresses, ``guard`` stands before all of them, ``body`` reads what is sent,
``seeing`` decodes it, ``model_thread`` asks the model, ``server`` listens and stops.
"""
