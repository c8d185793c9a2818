"""How long a training waits for its input."""

from vgg_transfer.images.feed import Batches, feed


class InputClock:
    """Adds up the seconds in which the next batch was asked for and not there yet."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, batches: Batches) -> Batches:
        """Return the same batches, with the clock running while one is awaited."""

        def waited(seconds: float) -> None:
            self.seconds += seconds

        return feed().timed(batches, waited)
