"""Every recipe with a name, one module for each origin; ``registry`` lists them all."""
