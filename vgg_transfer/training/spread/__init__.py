"""One training on several devices: each computes its rows of every batch."""
