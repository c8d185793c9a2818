"""What scripts call for images and labels: folders, arrays, tf.data, and their paths."""
