"""The course of a training that was begun: the stages that are left, judging, and the record."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import keras
from numpy.typing import NDArray

from vgg_transfer import run as record
from vgg_transfer.activations import StoreDamaged
from vgg_transfer.errors import TrainingError, VggTransferError
from vgg_transfer.evaluation import Calibration, Metrics
from vgg_transfer.evaluation.temperature import fit_temperature
from vgg_transfer.events import TrainingPlanned
from vgg_transfer.finding import Finding
from vgg_transfer.images.tfdata.failures import op_errors
from vgg_transfer.network import Network, servable
from vgg_transfer.network.saving import save_model
from vgg_transfer.run import Advice, Checkpoint, Filled, Judged, JudgedOn, Progress, Run, Within
from vgg_transfer.run.values import as_arrays
from vgg_transfer.training.checkpoints import (
    Pace,
    Taken,
    arrays_of_state,
    put_weights,
    state_in,
    weights_of,
)
from vgg_transfer.training.context import Context
from vgg_transfer.training.judging import judge, validate
from vgg_transfer.training.planning.stage_plan import StagePlan, plan_stages
from vgg_transfer.training.spread.hosts import Hosts
from vgg_transfer.training.stages.keeper import Keeping
from vgg_transfer.training.stages.result import StageResult
from vgg_transfer.training.stages.run_stage import altered, in_our_words, run_stage
from vgg_transfer.training.surroundings import bytes_of_checkpoint, bytes_written
from vgg_transfer.training.worth_it import ADVICE, decide, finding_of


def complete(context: Context, run: Run, checkpoint: Checkpoint | None) -> Run:
    """Run the stages that are left, judge the result and write it into the run's folder.

    Args:
        context: the training.
        run: its record so far, whose folder is there.
        checkpoint: how far it had come; None: it begins.

    Raises:
        TrainingError: the loss is not a number; the run is written with its last good weights.
        KeyboardInterrupt: Ctrl-C before anything was learnt, so that there is nothing to write.
    """
    pace = Pace(
        run.folder,
        run.begun.checkpoint_minutes if run.begun else 0.0,
        context.listen,
        checkpoint.progress.seconds if checkpoint else 0.0,
        bytes_of_checkpoint(context.network),
        context.spread.hosts.is_first,
    )
    stages = _run_stages(context, pace, checkpoint)
    history = tuple(epoch for one in stages.results for epoch in one.epochs)
    ended = stages.results[-1].stopped_by
    if not context.spread.hosts.is_first:
        return _as_the_first_wrote_it(context.spread.hosts, run, ended)
    pressed = ended if isinstance(ended, KeyboardInterrupt) and not history else None
    if pressed and not record.has_checkpoint(run.folder):
        raise pressed
    model = servable(context.network)
    verdict = _judge(model, context, stages)
    stopped_by = verdict.stopped_by
    run = record.write(
        replace(
            run,
            status=_status(ended, verdict),
            stages=tuple(one.outcome for one in stages.results),
            history=history,
            seconds=pace.seconds,
            judged_on=verdict.split,
            metrics=verdict.metrics,
            judged=verdict.judged,
            validated=verdict.validated,
            calibration=verdict.calibration,
            filled=stages.filled,
            advice=stages.advice,
            findings=(*_without_advice(run.findings), *map(finding_of, stages.advice)),
        ),
        # Ctrl-C before the end of an epoch leaves nothing that deserves to be called a model.
        save_model=None if pressed else lambda path: save_model(model, path, run.class_names),
    )
    if isinstance(ended, KeyboardInterrupt):
        context.spread.hosts.leave()  # they are in the middle of a step
    else:
        context.spread.hosts.told(None)
    if isinstance(stopped_by, TrainingError):
        raise TrainingError(f'{stopped_by}\nThe last good weights are in "{run.folder}"')
    if isinstance(stopped_by, Exception):  # judging failed: the training itself is done and saved
        raise stopped_by
    return run


def _as_the_first_wrote_it(hosts: Hosts, run: Run, ended: BaseException | None) -> Run:
    """Wait until the first process has judged the result and written it; return the record."""
    hosts.told(None)
    if ended is not None:
        raise ended
    return record.read(run.folder)


def _without_advice(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings that are not of a part of the training that is taken up again."""
    return (one for one in findings if one.code != ADVICE)


@contextmanager
def begun_by_the_first(context: Context, run: Run) -> Iterator[Run]:
    """Make the folder of a run, or take it up again, and hold it; one process does for all.

    Args:
        context: the training.
        run: its record, as ``record.begun`` takes it.

    Raises:
        RunError: there is no room, or the folder cannot be had.
    """
    if not context.spread.hosts.is_first:
        yield replace(run, folder=run.folder.absolute())
        return
    record.check_room(run.folder, bytes_written(context.network))
    with record.begun(run) as begun:
        yield begun


@dataclass(frozen=True)
class _Stages:
    """The stages that were run, the plan of the last one, and what was found on the way."""

    results: tuple[StageResult, ...]
    last: StagePlan
    filled: tuple[Filled, ...]
    advice: tuple[Advice, ...]


def _run_stages(context: Context, pace: Pace, checkpoint: Checkpoint | None) -> _Stages:
    """Run stage after stage, as long as each is worth it, from where a checkpoint stands."""
    plans = plan_stages(context)
    size_of = context.network.recipe.size_of
    context.listen(
        TrainingPlanned(tuple(plan.stage.changed(size=size_of(plan.stage)) for plan in plans))
    )
    results, taken = _taken_up(context.network, checkpoint)
    done = checkpoint.progress if checkpoint else Progress()
    filled, advice = list(done.filled), list(done.advice)

    def keep(within: Within | None, arrays: Mapping[str, NDArray[Any]], trained: bool) -> None:
        progress = _progress(results, filled, advice, pace.seconds, within, trained)
        stages = plans[: within.stage if within else len(results)]
        blocks = dict.fromkeys(block for plan in stages for block in plan.stage.train)
        state = results[-1].optimizer_state if results else None
        learnt = arrays_of_state(state) if state else {}
        pace.keep(progress, {**weights_of(context.network, blocks), **learnt, **arrays})

    for plan in plans[len(results) :] if not done.trained else ():
        if results and taken is None:
            decision = decide(context, plan, results[-1])
            goes_on = context.spread.hosts.told(decision.goes_on)
            results[-1] = decision.before
            filled += decision.filled
            advice += [decision.advice] if decision.advice else []
            if not goes_on:
                break
        keeping = Keeping(pace, lambda within, arrays: keep(within, arrays, False), taken)
        before = results[-1] if results else None
        result, taken = run_stage(context, plan, before, keeping), None
        results.append(result)
        filled += result.filled
        if result.stopped_by is not None:
            break
        keep(None, {}, plan is plans[-1])
    return _Stages(tuple(results), plans[len(results) - 1], tuple(filled), tuple(advice))


def _taken_up(
    network: Network, checkpoint: Checkpoint | None
) -> tuple[list[StageResult], Taken | None]:
    """Give the network a checkpoint's weights; return the stages that are done, and the begun."""
    if checkpoint is None:
        return [], None
    put_weights(network, checkpoint.arrays)
    progress, state = checkpoint.progress, state_in(checkpoint)
    results = [
        StageResult(
            outcome, tuple(one for one in progress.history if one.stage == outcome.stage), state
        )
        for outcome in progress.stages
    ]
    within = progress.within
    return results, Taken(within, checkpoint.arrays) if within else None


def _progress(
    results: list[StageResult],
    filled: list[Filled],
    advice: list[Advice],
    seconds: float,
    within: Within | None,
    trained: bool,
) -> Progress:
    state = results[-1].optimizer_state if results else None
    return Progress(
        stages=tuple(one.outcome for one in results),
        history=tuple(epoch for one in results for epoch in one.epochs),
        filled=tuple(filled),
        advice=tuple(advice),
        seconds=seconds,
        trained=trained,
        optimizer=state.kind if state else "",
        steps=state.steps if state else {},
        within=within,
    )


@dataclass(frozen=True)
class _Verdict:
    """How good the result is on a split; nothing of it where the training was stopped."""

    split: JudgedOn = ""
    metrics: Metrics | None = None
    judged: tuple[Judged, ...] = ()
    validated: tuple[Judged, ...] = ()
    calibration: Calibration | None = None
    stopped_by: BaseException | None = None


def _judge(model: keras.Model, context: Context, stages: _Stages) -> _Verdict:
    """Judge the model to keep on the test images, or on the validation images without any."""
    stopped_by = stages.results[-1].stopped_by
    if stopped_by is not None:
        return _Verdict(stopped_by=stopped_by)
    split: Literal["test", "val"] = "test" if context.image_set.split("test") else "val"
    try:
        judged, metrics = judge(model, context, stages.last, split)
        validated = validate(model, context, stages.last) if split == "test" else ()
    except KeyboardInterrupt as pressed:
        return _Verdict(stopped_by=pressed)
    except StoreDamaged as damage:
        return _Verdict(stopped_by=altered(damage))
    except VggTransferError as error:
        return _Verdict(stopped_by=error)
    except op_errors() as error:
        return _Verdict(stopped_by=in_our_words(error))
    fitted_on = judged if split == "val" else validated
    names = context.image_set.class_names
    calibration = fit_temperature(*as_arrays(fitted_on, names)) if fitted_on else None
    return _Verdict(split, metrics, judged, validated, calibration)


def _status(ended: BaseException | None, verdict: _Verdict) -> record.Status:
    """Return what became of a training; where judging alone failed, it can be judged once more."""
    if verdict.stopped_by is None:
        return "complete"
    return "failed" if isinstance(ended, TrainingError) else "interrupted"
