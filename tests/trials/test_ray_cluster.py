"""What is refused before Ray is asked, and what a trial gets of a cluster."""

import socket
from dataclasses import replace
from importlib.metadata import version

import pytest
from support import drawn

from vgg_transfer.errors import ClusterError
from vgg_transfer.images import load_images
from vgg_transfer.trials import on_ray, ray_cluster
from vgg_transfer.trials.ray_cluster import share_of
from vgg_transfer.trials.ray_engine import OnRay
from vgg_transfer.trials.ray_share import Share
from vgg_transfer.trials.ray_sharing import answer

HERE = version("vgg-transfer")


@pytest.mark.parametrize(
    ("nodes", "share"),
    [
        ([{"CPU": 8.0}], Share(8, 0, 1)),
        ([{"CPU": 8.0}, {"CPU": 8.0}], Share(8, 0, 2)),
        ([{"CPU": 4.0}, {"CPU": 16.0}, {"memory": 9.0}], Share(4, 0, 5)),
        ([{"CPU": 16.0, "GPU": 8.0}], Share(2, 1, 8)),
        ([{"CPU": 16.0, "GPU": 2.0}, {"CPU": 64.0}, {"CPU": 8.0, "GPU": 4.0}], Share(2, 1, 6)),
        ([{"CPU": 2.0, "GPU": 4.0}], Share(1, 1, 2)),
        ([{"CPU": 0.0}], Share(1, 0, 0)),
        ([], Share(1, 0, 0)),
    ],
)
def test_a_trial_gets_a_gpu_or_a_node(nodes, share):
    assert share_of(nodes) == share


def test_what_is_trained_on_in_words():
    assert OnRay(Share(2, 1, 8), 1).in_words == (
        "Ray, 1 node: 8 trials at once, each with 1 GPU and 2 processors"
    )
    assert OnRay(Share(4, 0, 1), 1).in_words == "Ray, 1 node: 1 trial at once, with 4 processors"


def refused(address=None):
    with pytest.raises(ClusterError) as caught, on_ray(address):
        pass
    return str(caught.value)


def test_a_missing_extra_is_one_sentence(monkeypatch):
    monkeypatch.setattr(ray_cluster, "find_spec", lambda _: None)
    assert refused() == (
        'Ray cannot be found, and `--engine ray` needs it: pip install "vgg-transfer[scale]"'
    )


def test_an_address_where_nothing_is(monkeypatch):
    pytest.importorskip("ray", reason="the extra `scale` is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        assert refused(address).startswith(f'no Ray cluster answers at "{address}" (')
    assert refused("somewhere") == (
        'the address of a Ray cluster is HOST:PORT or local, received "somewhere". `ray start '
        "--head` prints it"
    )


def test_a_node_that_lacks_something_says_so(tiny_folder, tmp_path):
    images = load_images(tiny_folder)
    assert answer(tmp_path / "out" / ".shared-1", "node 1", "0.0", images) == [
        f"it has vgg-transfer {HERE}, and 0.0 is needed",
        f'the folder "{tmp_path / "out"}" is not shared with it (No such file or directory)',
    ]
    (tmp_path / "question").write_text("asked")
    other = replace(images.records[3], digest="another")
    changed = replace(images, records=(*images.records[:3], other, *images.records[4:]))
    assert answer(tmp_path, "node 1", HERE, changed) == [
        f'of 8 images it cannot read 1, such as "{other.path}"'
    ]
    assert (tmp_path / "node 1").read_text() == "asked"
    assert len(answer(tmp_path, "node 2", HERE, drawn.images_of())) == 1
