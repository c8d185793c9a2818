"""From the story of a script to a recipe: as its author wrote it, and mended."""
