"""The options that several verbs share, and what they become."""
