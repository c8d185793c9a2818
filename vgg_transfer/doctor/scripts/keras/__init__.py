"""What scripts call: Keras and what is used around it, each call as a value or an event."""
