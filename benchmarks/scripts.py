"""How many faults of other people's scripts the doctor finds, and how often it is wrong.

    python benchmarks/scripts.py
    python benchmarks/scripts.py --json

Each pair of the corpus in tests/doctor/scripts/corpus is a training script with one fault, written
as people write them, and its mended twin. Found is a fault that is named at its line. False is an
error or a warning, in either of the two, that is neither the fault nor named by the corpus as
something else that is true there; a fault that is seen in the mended twin is false as well,
whatever its severity. Nothing of a script is run.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measuring

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.scripts import CORPUS, Pair, Script, read_pairs

from vgg_transfer.doctor.scripts import examine_script, read_script
from vgg_transfer.errors import VggTransferError
from vgg_transfer.evaluation.intervals import Interval, wilson
from vgg_transfer.finding import Finding


@dataclass(frozen=True)
class Outcome:
    """What came of a pair: whether its fault was found, and what was said that is wrong."""

    pair: Pair
    found: bool
    elsewhere: list[Finding]
    on_the_twin: list[Finding]
    false: list[str]
    seconds: float


def main() -> None:
    """Examine all pairs and print what came of it."""
    parser = measuring.parser(__doc__)
    parser.add_argument(
        "--corpus",
        type=Path,
        default=CORPUS,
        help="another corpus of the same layout: a folder for each pair, and idioms.toml",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    arguments = parser.parse_args()
    outcomes = [_examined(pair) for pair in read_pairs(arguments.corpus)]
    for one in outcomes:
        _complain(one)
    if arguments.json:
        measuring.answer(_numbers(outcomes))
        return
    print(_table("code", outcomes, _codes), _table("idiom", outcomes, _idioms), sep="\n\n")
    print()
    print("\n".join(f"{name}: {said}" for name, said in _numbers(outcomes)["all"].items()))


def _examined(pair: Pair) -> Outcome:
    began = time.perf_counter()
    faulty, mended = _findings(pair.faulty), _findings(pair.mended)
    seconds = time.perf_counter() - began
    found = pair.faulty.found_at_its_place(faulty)
    on_the_twin = pair.faulty.left_in(pair.mended, mended)
    alarms = [
        *((pair.faulty, one) for one in pair.faulty.false_alarms(faulty)),
        *((pair.mended, one) for one in {*pair.mended.false_alarms(mended), *on_the_twin}),
    ]
    return Outcome(
        pair,
        found,
        [] if found else pair.faulty.found_elsewhere(faulty),
        on_the_twin,
        [f"{script.name}, {one.where}: {one.severity} {one.code}" for script, one in alarms],
        seconds,
    )


def _findings(script: Script) -> tuple[Finding, ...]:
    try:
        return examine_script(read_script(script.text, script.name))
    except VggTransferError as error:
        print(f"{script.name}: {error}", file=sys.stderr)
        return ()


def _complain(one: Outcome) -> None:
    """Say on stderr what was missed, and what should not have been said."""
    if not one.found:
        places = ", ".join(one.pair.faulty.faults)
        seen = ", ".join(finding.where for finding in one.elsewhere) or "nowhere"
        codes = " or ".join(sorted(one.pair.faulty.codes))
        print(f"{one.pair.name}: {codes} at {places}, found {seen}", file=sys.stderr)
    for alarm in one.false:
        print(f"{one.pair.name}: false in {alarm}", file=sys.stderr)


def _codes(pair: Pair) -> Iterable[str]:
    return [" or ".join(sorted(pair.faulty.codes))]


def _idioms(pair: Pair) -> Iterable[str]:
    return pair.idioms


def _table(name: str, outcomes: list[Outcome], kinds: Callable[[Pair], Iterable[str]]) -> str:
    """Return a row for each code or idiom."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        for kind in kinds(one.pair):
            by_kind[kind].append(one)
    header = (name, "pairs", "found", "elsewhere", "missed", "twin silent", "false findings")
    rows = [f"| {' | '.join(header)} |", "|" + "---|" * len(header)]
    for kind, some in sorted(by_kind.items()):
        count = _counts(some)
        rows.append(f"| {kind} | {' | '.join(str(number) for number in count.values())} |")
    return "\n".join(rows)


def _counts(some: list[Outcome]) -> dict[str, int]:
    found, elsewhere = (sum(map(bool, kind)) for kind in zip(*_placed(some), strict=True))
    return {
        "pairs": len(some),
        "found at its line": found,
        "found elsewhere": elsewhere,
        "missed": len(some) - found - elsewhere,
        "silent on the twin": sum(not one.on_the_twin for one in some),
        "false findings": sum(len(one.false) for one in some),
    }


def _placed(some: list[Outcome]) -> Iterable[tuple[bool, bool]]:
    return ((one.found, bool(one.elsewhere)) for one in some)


def _numbers(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return the counts, recall and precision with their intervals, and what was wrong."""
    count = _counts(outcomes)
    found, pairs = count["found at its line"], count["pairs"]
    said = found + count["false findings"]
    odd = [one for one in outcomes if "odd" in one.pair.idioms]
    found_odd = sum(one.found for one in odd)
    return {
        "all": {
            **count,
            "recall": _share(found, pairs),
            "recall in odd idioms": _share(found_odd, len(odd)),
            "precision": _share(found, said),
            "slowest pair, s": round(max(one.seconds for one in outcomes), 3),
        },
        "missed": [one.pair.name for one in outcomes if not one.found],
        "false": {one.pair.name: one.false for one in outcomes if one.false},
    }


def _share(part: int, whole: int) -> str:
    interval = wilson(part, whole) if whole else Interval(0.0, 1.0)
    share = f"{100 * part / whole:.1f}%" if whole else "unknown"
    return f"{part} of {whole}, {share} {interval}"


if __name__ == "__main__":
    main()
