"""The display, driven by hand as a training would."""

import io

from rich.console import Console

from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.cli.display.training import TrainingDisplay
from vgg_transfer.events import (
    EpochEnded,
    PassBegan,
    Said,
    StageBegan,
    StageEnded,
    Stepped,
    TrainingPlanned,
)
from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import Stopping
from vgg_transfer.run import Epoch, StageOutcome

STAGE = Stage(train=("head", "block5"), epochs=2)
EPOCH = Epoch(
    stage=1,
    epoch=1,
    loss=0.5,
    accuracy=0.75,
    val_loss=0.25,
    val_accuracy=0.9,
    rates={"head": 1e-3},
    seconds=61.0,
    images_per_second=10.0,
    peak_memory_mb=100.0,
    waiting_share=0.0,
)
OUTCOME = StageOutcome(1, STAGE.title, 1, 1, "val_loss", 0.25, "all 1 epochs done", 62.0)


def drawn(terminal):
    file = io.StringIO()
    screen = Screen(Console(file=file, force_terminal=terminal, width=80), as_json=False)
    with TrainingDisplay(screen) as display:
        display(TrainingPlanned((STAGE,)))
        display(Said("starting weights: [bold]a file[/bold]"))
        display(PassBegan("40 images go once through the frozen blocks", 2))
        display(Stepped())
        display(Stepped())
        display(StageBegan(1, STAGE, 4))
        display(Stepped())
        display(EpochEnded(EPOCH))
        display(StageEnded(OUTCOME))
    return file.getvalue()


def test_in_a_file_there_are_plain_lines_only():
    text = drawn(terminal=False)
    assert "\x1b" not in text
    assert "\r" not in text
    assert text.splitlines() == [
        "training  starting weights: [bold]a file[/bold]",
        "",
        "40 images go once through the frozen blocks",
        "stage 1 of 1: head + block5, 2 epochs at rate 0.001",
        "  epoch       loss  accuracy   val loss  val accuracy        time",
        "      1     0.5000     75.0%     0.2500         90.0%  1 min 01 s",
        "  all 1 epochs done; kept epoch 1 (val_loss 0.2500); 1 min 02 s",
    ]


def test_on_a_terminal_there_is_a_bar():
    text = drawn(terminal=True)
    assert "stage 1/1" in text
    assert "epoch 2/2  loss 0.250  90.0%" in text
    assert text.rstrip().endswith("\x1b[?25h")  # the cursor is given back


def test_a_solved_head_has_no_epoch_that_was_kept():
    file = io.StringIO()
    with TrainingDisplay(Screen(Console(file=file, width=200), as_json=False)) as display:
        display(TrainingPlanned((Stage(train=("head",), optimizer="exact"),)))
        display(StageEnded(StageOutcome(1, "head", 1, 1, "val_loss", 0.1, "solved: C = 1", 1.0)))
    assert file.getvalue().rstrip().endswith("  solved: C = 1; val_loss 0.1000; 1.0 s")


def test_only_a_stage_that_may_end_early_has_at_most_so_many_epochs():
    file = io.StringIO()
    with TrainingDisplay(Screen(Console(file=file, width=200), as_json=False)) as display:
        stage = STAGE.changed(stopping=Stopping())
        display(TrainingPlanned((stage,)))
        display(StageBegan(1, stage, 4))
    assert "head + block5, at most 2 epochs at rate 0.001" in file.getvalue()


def test_weights_that_were_kept_from_before_are_named_so():
    file = io.StringIO()
    with TrainingDisplay(Screen(Console(file=file, width=200), as_json=False)) as display:
        display(TrainingPlanned((STAGE,)))
        display(StageEnded(StageOutcome(1, "head", 3, 0, "val_loss", 0.1, "ended", 1.0)))
    assert "kept the weights it began with: no epoch was better" in file.getvalue()
