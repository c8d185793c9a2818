"""What a person sees in the terminal: a training, a search, a comparison, numbers."""
