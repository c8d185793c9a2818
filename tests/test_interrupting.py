"""Ctrl-C waits for the end of a batch; the second one does not wait."""

import signal
import threading

import pytest

from vgg_transfer.interrupting import Interrupted, ctrl_c_between_batches


def press():
    signal.raise_signal(signal.SIGINT)


def test_the_first_press_waits_until_it_is_asked_for():
    done = []

    def work():
        with ctrl_c_between_batches() as ask:
            ask()  # nothing was pressed yet
            press()
            done.append("the batch")
            ask()
            done.append("another one")

    with pytest.raises(Interrupted):
        work()
    assert done == ["the batch"]


def test_it_is_a_keyboard_interrupt_to_everybody_else():
    def work():
        with ctrl_c_between_batches() as ask:
            press()
            ask()

    with pytest.raises(KeyboardInterrupt):
        work()


def test_the_second_press_ends_at_once():
    done = []

    def work():
        with ctrl_c_between_batches():
            press()
            done.append("the batch")
            press()
            done.append("the rest of it")

    with pytest.raises(KeyboardInterrupt) as pressed:
        work()
    assert done == ["the batch"]
    assert not isinstance(pressed.value, Interrupted)


def test_a_press_that_was_heard_is_heard_once():
    with ctrl_c_between_batches() as ask:
        press()
        with pytest.raises(Interrupted):
            ask()
        ask()
        press()  # the next one waits again
        with pytest.raises(Interrupted):
            ask()


def test_what_nobody_asked_for_is_raised_at_the_end():
    done = []

    def work():
        with ctrl_c_between_batches():
            press()
            done.append("all of it")

    with pytest.raises(Interrupted):
        work()
    assert done == ["all of it"]


def test_an_error_comes_first():
    def work():
        with ctrl_c_between_batches():
            press()
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        work()


def test_the_handler_is_put_back():
    for raised in (None, ValueError, KeyboardInterrupt):
        try:
            with ctrl_c_between_batches():
                assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
                if raised:
                    raise raised
        except (ValueError, KeyboardInterrupt):
            pass
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_another_thread_nothing_changes():
    seen = []

    def work():
        with ctrl_c_between_batches() as ask:
            seen.append(signal.getsignal(signal.SIGINT))
            ask()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


def test_the_handler_of_somebody_else_stays():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append("theirs"))
    try:
        with ctrl_c_between_batches() as ask:
            press()
            ask()
        assert heard == ["theirs"]
    finally:
        signal.signal(signal.SIGINT, before)


def test_one_inside_another_leaves_it_to_the_outer_one():
    def work():
        with ctrl_c_between_batches() as outer:
            with ctrl_c_between_batches() as inner:
                press()
                inner()
            outer()
            pytest.fail("it was pressed")

    with pytest.raises(Interrupted):
        work()
