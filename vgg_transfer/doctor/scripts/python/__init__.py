"""What Python itself makes of values: operators, attributes, items, methods, functions."""
