"""Figures, drawn with matplotlib from values that other rooms computed."""
