"""What a script does, as events in order, and the scene in which they are noticed."""
