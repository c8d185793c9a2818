"""Errors of our own that come back out of tf.data: each the right one, and each once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import tensorflow as tf

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.tfdata.failures import keeps_errors, own_error, own_errors


def failing(error, before=lambda: None):
    """Return a dataset of one element, whose computation calls `before` and raises the error."""

    @keeps_errors
    def fail(_):
        before()
        raise error

    numbers = tf.data.Dataset.range(1)
    return numbers.map(lambda number: tf.numpy_function(fail, [number], tf.int64))


def test_two_threads_that_fail_at_once_get_the_error_of_their_own():
    both_are_there = Barrier(2)

    def read(error):
        with pytest.raises(ImageSetError) as caught, own_errors():
            list(failing(error, lambda: both_are_there.wait(timeout=60)))
        return caught.value

    errors = [ImageSetError(f'"{name}.png" is gone') for name in ("cat", "dog")]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(read, errors)) == errors


def test_a_longer_text_is_not_taken_for_the_shorter_one_that_it_begins_with():
    short, long = ImageSetError("row 1"), ImageSetError("row 12")
    told = []
    for error in (long, short):
        with pytest.raises(tf.errors.OpError) as caught:
            list(failing(error))
        told.append(caught.value)
    assert [own_error(error) for error in told] == [long, short]


def test_an_error_that_was_found_is_kept_no_longer():
    error = ImageSetError("gone")
    with pytest.raises(tf.errors.OpError) as caught:
        list(failing(error))
    assert own_error(caught.value) is error
    assert own_error(caught.value) is caught.value
