"""A listener that keeps what it hears; a test acts on an event by overriding ``on``."""

from vgg_transfer.events import (
    EpochEnded,
    Event,
    PassBegan,
    Said,
    StageBegan,
    StageEnded,
    Stepped,
    TrialBegan,
)


class Heard:
    def __init__(self):
        self.events: list[Event] = []

    def __call__(self, event):
        self.events.append(event)
        self.on(event)

    def on(self, event):
        """Do what the test wants to happen at an event."""

    def all(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def lines(self):
        return [event.line for event in self.all(Said)]

    @property
    def passes(self):
        return [event.what for event in self.all(PassBegan)]

    @property
    def stages(self):
        return [event.number for event in self.all(StageBegan)]

    @property
    def steps(self):
        return len(self.all(Stepped))

    @property
    def epochs(self):
        return [event.epoch for event in self.all(EpochEnded)]

    @property
    def outcomes(self):
        return [event.outcome for event in self.all(StageEnded)]

    @property
    def titles(self):
        return [event.title for event in self.all(TrialBegan)]


class CtrlC(Heard):
    """Presses Ctrl-C at the batch of that number, counted from 1 while ``counts`` says so."""

    def __init__(self, batch):
        super().__init__()
        self.left = batch

    def counts(self):
        return True

    def on(self, event):
        if isinstance(event, Stepped) and self.counts():
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
