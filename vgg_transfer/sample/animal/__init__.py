"""The animals of the sample set: cats and dogs as outlines, bodies, heads and coats."""
