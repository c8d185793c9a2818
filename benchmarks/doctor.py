"""How often the doctor finds what was planted, and how often it cries where nothing is wrong.

    python benchmarks/doctor.py DATA ... --seeds 1

Problems of every code are planted: in parts of a drawn sample set and of the photographs in each
DATA (a folder with train, val and test), in recipes, in made-up records of runs, and in a few
trainings. Clean cases are other parts, recipes, records and trainings, in which nothing is. A note
on a clean case counts as no alarm. Prints a table by code and the rates, with 95% intervals.
"""

import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import doctor_images
import doctor_recipes
import doctor_runs
import measuring
import numpy as np

import vgg_transfer as vt
from vgg_transfer.doctor import recipes as of_recipes
from vgg_transfer.doctor import runs as of_runs
from vgg_transfer.evaluation import wilson
from vgg_transfer.finding import Finding
from vgg_transfer.sample import SampleOptions, draw_sample

_SIZE = 96  # pixels at which pictures are read
# A finding of the same fault that is more severe counts as one of it.
_STRONGER = {
    "doubted-labels": "wrong-labels",
    "told-by-looks": "shortcut",
    "copies-across-splits": "leak",
}


@dataclass(frozen=True)
class Case:
    """Something to be examined.

    Args:
        kind: ``pictures``, ``recipe``, ``record``, ``model`` or ``training``.
        code: of what was planted; empty where nothing was.
        name: to find it again.
        find: examines it.
    """

    kind: str
    code: str
    name: str
    find: Callable[[], Iterable[Finding]]


def main() -> None:
    """Examine all cases and print what came of it."""
    parser = measuring.parser(__doc__)
    parser.add_argument("data", nargs="*", type=Path, help="folders of photographs with splits")
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        help="pictures of each code in each pool; of recipes and records three times as many",
    )
    parser.add_argument(
        "--clean",
        type=int,
        default=8,
        help="clean parts of each pool; of recipes and records three times as many",
    )
    parser.add_argument("--drawn", type=int, default=150, help="pictures of a class to draw from")
    parser.add_argument("--only", default="", help="codes, separated by commas, and 'clean'")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["VGG_TRANSFER_CACHE"] = str(Path(place, "cache"))
        pools = [_draw(Path(place, "drawn"), arguments.drawn), *arguments.data]
        cases = list(_cases(pools, Path(place), arguments.seeds, arguments.clean))
        only = {code for code in arguments.only.split(",") if code}
        cases = [one for one in cases if not only or (one.code or "clean") in only]
        found = [(case, _examined(case)) for case in cases]
    print(_table(found))
    print()
    print("\n".join(_summary(found)))


def _draw(folder: Path, number: int) -> Path:
    draw_sample(folder, SampleOptions(train=number, val=number, test=number, size=128, seed=7))
    (folder / "sample.json").unlink()
    return folder


def _cases(pools: list[Path], place: Path, seeds: int, clean: int) -> Iterator[Case]:
    for pool in pools:
        for code in doctor_images.PLANTS:
            for seed in range(seeds):
                find = partial(_of_pictures, pool, place, code, seed)
                yield Case("pictures", code, f"{pool.name} {seed}", find)
        for seed in range(1000, 1000 + clean):
            find = partial(_of_pictures, pool, place, "", seed)
            yield Case("pictures", "", f"{pool.name} {seed}", find)
    for seed in range(3 * seeds):
        for entry in of_recipes.ENTRIES:
            find = partial(_of_recipe, entry.code, seed)
            yield Case("recipe", entry.code, str(seed), find)
        for entry in of_runs.ENTRIES:
            kind = "model" if entry.code in _OF_MODELS else "record"
            yield Case(kind, entry.code, str(seed), partial(_of_run, entry.code, seed))
    for seed in range(1000, 1000 + 3 * clean):
        yield Case("recipe", "", str(seed), partial(_of_recipe, "", seed))
        yield Case("record", "", str(seed), partial(_of_run, "", seed))
    for code in ("", "", "diverged", "still-block", "frozen-noise", "foreign-preprocessing"):
        yield Case("training", code, code, partial(_of_training, pools[-1], place, code))


_OF_MODELS = {
    "still-block", "moved-frozen", "dead-units", "vanishing-gradients", "exploding-gradients"
}  # fmt: skip


def _of_pictures(pool: Path, place: Path, code: str, seed: int) -> Iterable[Finding]:
    """Examine a part of a pool, with a fault planted."""
    folder = Path(tempfile.mkdtemp(dir=place)) / "pets"
    draw = random.Random(seed)
    few = 2 * len(list((pool / "train").iterdir())) < 8
    train = 100 if few else 60
    numbers = (train, 60, 60) if code else (draw.randint(40, train), 40, 40)
    planting = doctor_images.Planting(pool, folder, numbers, seed)
    if code:
        doctor_images.PLANTS[code](planting)
    return vt.diagnose(folder, vt.recipes.exact_first(size=_SIZE)).findings


def _of_recipe(code: str, seed: int) -> Iterable[Finding]:
    case = doctor_recipes.planted_case(code, seed) if code else doctor_recipes.healthy_case(seed)
    return of_recipes.examine_recipe(case)


def _of_run(code: str, seed: int) -> Iterable[Finding]:
    """Examine a record, and what its model would show."""
    if code in _OF_MODELS:
        return of_runs.examine_model(*doctor_runs.planted_inside(code, seed))
    if code:
        return of_runs.examine_run(doctor_runs.planted_run(code, seed))
    rng = np.random.default_rng(seed)
    run = doctor_runs.healthy_run(rng, doctor_runs.Shape.drawn(rng))
    inside = doctor_runs.healthy_inside(rng)
    return (*of_runs.examine_run(run), *of_runs.examine_model(run, inside))


def _of_training(pool: Path, place: Path, code: str) -> Iterable[Finding]:
    """Train on a part of a pool; examine the run and its model."""
    folder = Path(tempfile.mkdtemp(dir=place))
    doctor_images.Planting(pool, folder / "pets", (100, 60, 60), 5)
    recipe = vt.recipes.exact_first(size=_SIZE)
    if code == "diverged":
        sgd = {"optimizer": "sgd", "rate": 5.0, "keep": "last", "plan": {"kind": "constant"}}
        recipe = recipe.changed(stage_2=sgd)
    if code == "still-block":
        recipe = recipe.changed(stage_2={"rate": 1e-12})
    if code == "frozen-noise":
        recipe = vt.recipes.probe(size=_SIZE, base={"weights": "none"})
    if code == "foreign-preprocessing":
        recipe = vt.recipes.probe(size=_SIZE, preprocess="rescale")
    try:
        vt.train(recipe, folder / "pets", folder / "run")
    except vt.errors.TrainingError as error:
        print(f"{code}: {error}", file=sys.stderr)
    return vt.diagnose(folder / "run").findings


def _examined(case: Case) -> list[Finding]:
    """Return the findings, and say on stderr what was missed or should not be there."""
    found = list(case.find())
    codes = {one.code for one in found}
    wrong = [one for one in found if not case.code and one.severity != "note"]
    missed = case.code and not codes & {case.code, _STRONGER.get(case.code, "")}
    if missed or wrong:
        said = "; ".join(f"{one.severity} {one.code}: {one.seen}" for one in wrong)
        print(
            f"{case.kind} {case.name} {case.code}: {said or 'missed'}", file=sys.stderr, flush=True
        )
    return found


def _table(found: list[tuple[Case, list[Finding]]]) -> str:
    """Return a row for each code: its cases, how many were found, and false alarms."""
    planted, hit, alarms = Counter[str](), Counter[str](), Counter[str]()
    severities: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for case, findings in found:
        codes = {one.code for one in findings}
        severities |= {one.code: one.severity for one in findings}
        if case.code:
            planted[case.code] += 1
            hit[case.code] += bool(codes & {case.code, _STRONGER.get(case.code, "")})
            kinds[case.code].add(case.kind)
        else:
            alarms.update(codes)
    rows = ["| code | severity | planted in | found | on clean cases |", "|---|---|---|---|---|"]
    for code in [*planted, *sorted(alarms.keys() - planted.keys())]:
        share = f"{hit[code]} of {planted[code]}" if planted[code] else ""
        severity, where = severities.get(code, ""), ", ".join(sorted(kinds[code]))
        rows.append(f"| `{code}` | {severity} | {where} | {share} | {alarms[code] or ''} |")
    return "\n".join(rows)


def _summary(found: list[tuple[Case, list[Finding]]]) -> Iterator[str]:
    """Yield the rates with their intervals."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    clean: dict[str, list[int]] = {"error": [], "warning": []}
    for case, findings in found:
        codes = {one.code for one in findings}
        if case.code:
            hit = bool(codes & {case.code, _STRONGER.get(case.code, "")})
            by_kind[case.kind].append(hit)
            by_kind["all"].append(hit)
        else:
            for severity, numbers in clean.items():
                numbers.append(sum(one.severity == severity for one in findings))
    for kind, hits in by_kind.items():
        interval = wilson(sum(hits), len(hits))
        share = 100 * sum(hits) / len(hits)
        yield f"found, {kind}: {sum(hits)} of {len(hits)}, {share:.1f}% {interval}"
    for severity, numbers in clean.items():
        if numbers:
            alarmed = sum(number > 0 for number in numbers)
            rate = f"{100 * alarmed / len(numbers):.1f}% {wilson(alarmed, len(numbers))}"
            cases = f"in {alarmed} of {len(numbers)} clean cases, {rate}"
            yield f"false {severity}s: {sum(numbers)}, {cases}"


if __name__ == "__main__":
    main()
