"""What names of a script stand for: networks, pictures, labels, batches, and what is unknown."""
