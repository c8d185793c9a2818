"""A recipe that solves the head exactly before it opens a block."""

EXACT_FIRST = """
name = "exact first"
views = 4
augmentation = { flip = "horizontal", rotation = 10.0 }

[[stage]]
train = ["head"]
optimizer = "exact"

[[stage]]
train = ["block5", "head"]
epochs = 5
rate = 3e-5
plan = { kind = "cosine", warm_up = 1.0 }
keep = "last"
"""
