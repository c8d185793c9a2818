"""An image set without what a file of fixes leaves out, and with the labels that it gives.

Every other picture keeps its split: so two trainings, one with fixes and one without, are judged
on the same images, but for those that were left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from vgg_transfer.errors import did_you_mean
from vgg_transfer.finding import Finding
from vgg_transfer.images.fix_file import Fix, FixFile
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.names import noted, refuse_faulty
from vgg_transfer.images.sources.records import missing_findings, two_class_findings
from vgg_transfer.words import counted, listed, printable

FIX_CODES = ("fixed", "fixes-outdated")
"""The codes of findings on what fixes have done, and on what fits no image."""


def fix_images(image_set: ImageSet, file: FixFile, least_classes: int = 2) -> ImageSet:
    """Return an image set as a file of fixes says, with findings on what was done.

    A class whose pictures all got another label, or went, is none of its classes any more.

    Args:
        image_set: the images as their source has them.
        file: what is to be done with some of them.
        least_classes: how many classes there have to be. [default: 2]

    Raises:
        ImageSetError: a label is no class, rows contradict each other about a picture, or too
            little is left; with all faults, each with its line.
    """
    lines, gone = _lines_by_place(image_set, file)
    faults = [*_unknown_labels(image_set, file), *_contradictions(image_set, file, lines)]
    refuse_faulty(file.shown, faults)
    done = {place: _decided(file, several) for place, several in lines.items()}
    label_of = {name: label for label, name in enumerate(image_set.class_names)}
    records = [
        record if place not in done else replace(record, label=label_of[done[place].label])
        for place, record in enumerate(image_set.records)
        if place not in done or done[place].action == "relabel"
    ]
    there = {record.label for record in records}
    names = tuple(name for name, label in label_of.items() if label in there)
    kept = {label: names.index(name) for name, label in label_of.items() if label in there}
    records = [replace(record, label=kept[record.label]) for record in records]
    refuse_faulty(file.shown, _too_little(image_set, names, records, least_classes))
    found = replace(image_set, class_names=names, records=tuple(records))
    anew = [*two_class_findings(records, names), *missing_findings(found, None)]
    old = {"in-two-classes", *(finding.code for finding in anew)}
    said = [finding for finding in image_set.findings if finding.code not in old]
    said += [*anew, *_findings(image_set, found, file, done, gone)]
    return replace(found, findings=tuple(said))


def _lines_by_place(image_set: ImageSet, file: FixFile) -> tuple[dict[int, list[int]], list[int]]:
    """Return the lines that fit each picture, by its place, and the lines that fit none."""
    paths = [row[0] for row in image_set.manifest_rows()[1:]]
    of_digest, of_path = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for place, (record, path) in enumerate(zip(image_set.records, paths, strict=True)):
        of_digest[record.digest].append(place)
        of_path[path].append(place)
    lines, gone = defaultdict[int, list[int]](list), list[int]()
    for line, fix in file.fixes.items():
        places = of_digest.get(fix.digest, []) if fix.digest else of_path.get(fix.path, [])
        named = [place for place in places if paths[place] == fix.path]
        for place in named or places:
            lines[place].append(line)
        if not places:
            gone.append(line)
    return lines, gone


def _decided(file: FixFile, lines: list[int]) -> Fix:
    """Return what is done with a picture; where it is named several times, leaving out wins."""
    fixes = [file.fixes[line] for line in lines]
    return next((fix for fix in fixes if fix.action == "leave out"), fixes[0])


def _unknown_labels(image_set: ImageSet, file: FixFile) -> Iterator[str]:
    names = image_set.class_names
    for line, fix in file.fixes.items():
        if fix.label and fix.label not in names:
            near = did_you_mean(fix.label, names)
            known = listed(names)
            yield f"line {line}: {listed([fix.label])} is no class of the images: {known}.{near}"


def _contradictions(
    image_set: ImageSet, file: FixFile, lines: Mapping[int, list[int]]
) -> Iterator[str]:
    """Yield which lines give one picture different labels, where no line leaves it out."""
    for place, several in lines.items():
        first = several[0]
        if _decided(file, several).action == "leave out":
            continue
        for line in several[1:]:
            if file.fixes[line].label != file.fixes[first].label:
                name = listed([image_set.records[place].path])
                said = f"{file.fixes[line].in_words} for {name}"
                yield f"line {line}: {said}, and line {first} says {file.fixes[first].in_words}."


def _too_little(
    image_set: ImageSet, names: tuple[str, ...], records: list[ImageRecord], least_classes: int
) -> list[str]:
    """Return what is wrong with what is left."""
    if len(names) < least_classes:
        kept = f"only {listed(names)} is left" if names else "no image is left"
        return [f"{kept}, and {counted(least_classes, 'class')} are needed."]
    trained = {image_set.class_names[record.label] for record in image_set.split("train")}
    left = {names[record.label] for record in records if record.split == "train"}
    bare = [name for name in names if name in trained - left]
    return [f"no train images are left in {listed(bare)}."] if bare else []


def _findings(
    before: ImageSet, after: ImageSet, file: FixFile, done: Mapping[int, Fix], gone: list[int]
) -> Iterator[Finding]:
    """Yield what was done, and which rows did nothing."""
    actions = Counter(fix.action for fix in done.values())
    name = f'"{printable(file.file.name)}" (SHA-256 {file.digest[:12]})'
    text = (
        f"The fixes {name} leave out {counted(actions['leave out'], 'image')} and relabel "
        f"{actions['relabel']}."
    )
    merged = [one for one in before.class_names if one not in after.class_names]
    if merged:
        text += f" Nothing is left of {listed(merged)}, which is no class any more."
    yield noted(FIX_CODES[0], text)
    if gone:
        text = (
            f"{counted(len(gone), 'row')} of the fixes {name} fit none of these images (line "
            f"{listed(map(str, gone), quoted=False)})"
        )
        nothing = f"{text}, which is all of them. Is it the file of another image set?"
        all_gone = len(gone) == len(file.fixes)
        said = nothing if all_gone else f"{text}."
        yield noted(FIX_CODES[1], said, "warning" if all_gone else "note")
