"""What is said of pictures that are there twice: how many, of how many, where."""

from support.examined import CLASSES, changed, examined

from vgg_transfer.doctor.images.duplicates import copies, find_duplicates
from vgg_transfer.doctor.images.likeness import Pair


def found(records, pairs=()):
    return list(find_duplicates(records, CLASSES, copies(records, pairs)))


def with_bytes_of(first, *places, whole=None):
    whole = whole or examined()
    for place in places:
        whole = changed(whole, place, digest=whole.image_set.records[first].digest)
    return whole.image_set.records


def test_a_few_leaks_are_a_warning_with_their_share():
    records = list(with_bytes_of(3, 220))
    records += [*records[220:]] * 2  # 120 test pictures, of which the copies come three times
    records = [one for n, one in enumerate(records) if n < 260 or one.digest != records[3].digest]
    (finding,) = found(records, ())[:1]
    assert (finding.code, finding.severity) == ("copies-across-splits", "warning")
    assert finding.seen == (
        '1 of 118 test pictures (0.8%) are in train too ("train/cats/03.jpg" and '
        '"test/cats/00.jpg")'
    )


def test_many_leaks_are_an_error():
    (finding,) = found(with_bytes_of(3, 220))
    assert (finding.code, finding.severity) == ("leak", "error")
    assert finding.seen.startswith("1 of 40 test pictures (2.5%) are in train too")


def test_a_picture_three_times_in_a_split_is_two_copies():
    (finding,) = found(with_bytes_of(3, 4, 5))
    assert finding.code == "copies"
    assert finding.seen.startswith("2 pictures are in the split once more")


def test_the_same_bytes_under_two_labels_are_left_to_the_reading_of_the_images():
    assert found(with_bytes_of(3, 93)) == []


def test_a_picture_of_val_and_test_is_said_to_be_in_both():
    (finding,) = found(with_bytes_of(181, 221))
    assert finding.seen.startswith("1 pair of pictures are in val and test")


def test_pairs_that_look_the_same_and_have_the_same_bytes_are_one():
    records = with_bytes_of(3, 4)
    assert copies(records, [Pair(3, 4, 0.0)]) == [Pair(3, 4, 0.0)]
