"""What calls of Keras give: layers, models, optimizers; and what is done with a model."""
