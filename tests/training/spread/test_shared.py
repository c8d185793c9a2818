"""Processes that do not see the same disk or the same images are refused before any work."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from vgg_transfer.errors import ClusterError
from vgg_transfer.training.spread.hosts import ALONE, Hosts
from vgg_transfer.training.spread.shared import check_shared


class Threads(Hosts):
    """Processes as threads of one: what each says, all hear."""

    said: dict
    barrier: threading.Barrier

    def all_say(self, value):
        self.said[self.index] = value
        self.barrier.wait(10)
        values = [self.said[index] for index in range(self.count)]
        self.barrier.wait(10)
        return values


@pytest.fixture
def processes():
    """Three of them."""
    Threads.said, Threads.barrier = {}, threading.Barrier(3)
    return [Threads(index, 3) for index in range(3)]


def check(processes, folders, digests):
    """Return what each process raises, as text; empty where it raises nothing."""

    def one(process, folder, digest):
        try:
            check_shared(process, [folder], digest)
        except ClusterError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(processes)) as pool:
        return list(pool.map(one, processes, folders, digests))


def test_one_disk_and_the_same_images_pass_and_leave_nothing(processes, tmp_path):
    assert check(processes, [tmp_path / "cache"] * 3, ["same"] * 3) == ["", "", ""]
    assert list((tmp_path / "cache").iterdir()) == []


def test_every_process_hears_which_one_has_other_images(processes, tmp_path):
    first, *others = check(processes, [tmp_path] * 3, ["same", "same", "other"])
    assert others == [first, first]
    assert first.startswith(
        "the processes do not share what one training needs:\n  process 2: its images are others\n"
    )
    assert "on a disk that every host mounts at the same place" in first


def test_a_process_alone_is_not_asked(tmp_path):
    check_shared(ALONE, [tmp_path / "absent"], "")
    assert not (tmp_path / "absent").exists()


def test_the_first_one_is_believed(processes):
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda one: one.told(one.index), processes)) == [0, 0, 0]
