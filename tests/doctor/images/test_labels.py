"""Swapped labels are found; a head that is mostly wrong doubts nobody."""

from dataclasses import replace

import numpy as np
from support.examined import CLASSES, examined

from vgg_transfer.doctor.images.labels import doubted_labels, find_wrong_labels


def mislabelled(places):
    """Return records of which these have the other label, and features of the true ones."""
    whole = examined()
    records = [
        replace(one, label=1 - one.label) if place in places else one
        for place, one in enumerate(whole.image_set.records)
    ]
    return records, whole.features


def test_swapped_labels_are_found_with_the_right_proposal():
    places = (3, 9, 100, 185)
    records, features = mislabelled(places)
    found = doubted_labels(records, features)
    assert sorted(one.place for one in found.doubts) == list(places)
    assert all(one.proposed == 1 - records[one.place].label for one in found.doubts)
    assert all(one.proposed_probability > one.given_probability for one in found.doubts)
    assert found.asked == 220  # test is not asked


def test_labels_of_test_are_never_doubted():
    records, features = mislabelled((225, 245))
    assert doubted_labels(records, features).doubts == ()


def test_a_copy_is_doubted_once_and_counts_once():
    records, features = mislabelled((3,))
    twin = replace(records[3], path=records[3].path.with_name("twin.jpg"))
    found = doubted_labels([*records, twin], np.concatenate([features, features[3:4]]))
    assert len(found.doubts) == 1
    assert found.asked == 220


def test_a_head_that_is_mostly_wrong_doubts_nobody():
    records, features = mislabelled(())
    features = np.random.default_rng(1).normal(size=features.shape)
    three = [replace(one, label=place % 3) for place, one in enumerate(records)]
    found = doubted_labels(three, features)
    assert found.right < 0.5
    assert list(find_wrong_labels(three, ("a", "b", "c"), found)) == []


def test_too_few_pictures_are_not_asked():
    records, features = mislabelled(())
    assert doubted_labels(records[:4], features[:4]).asked == 0
    assert doubted_labels([], features[:0]).asked == 0


def test_the_words_have_numbers_and_an_interval():
    records, features = mislabelled((3,))
    (finding,) = find_wrong_labels(records, CLASSES, doubted_labels(records, features))
    assert (finding.code, finding.severity) == ("doubted-labels", "note")
    assert finding.seen.startswith("1 label of 220 (0.5% [0.1, 2.5]) is doubted by a head that")
    assert finding.seen.endswith('"train/dogs/03.jpg"')
