"""Packs what benchmarks/gpu.py needs on a machine with JAX and no network: one folder.

    python benchmarks/gpu_kit.py DATA --out build/gpu_kit

DATA is a folder of pictures by class. The folder gets the package and the benchmarks, the ImageNet
convolutions in half precision (they are for timing: published digests do not fit them), a few
hundred small JPEGs, and wheels of what is missing beside JAX, NumPy, Pillow and scikit-learn. On
the other machine:

    pip install --no-index --no-deps wheels/*.whl; PYTHONPATH=. python benchmarks/gpu.py .
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import measuring
import numpy as np
from PIL import Image

from vgg_transfer.images import load_images
from vgg_transfer.network import resolve_weights

ROOT = Path(__file__).parents[1]
WHEELS = (
    "absl-py", "annotated-types", "filelock", "h5py", "keras", "markdown-it-py", "mdurl", "namex",
    "optree", "pydantic", "pydantic-core", "pygments", "rich", "tomli-w", "threadpoolctl",
    "typing-inspection", "jinja2", "markupsafe",
)  # fmt: skip
LARGEST = 60_000_000  # bytes in all


def main() -> None:
    """Pack the folder, and say what it weighs."""
    arguments = _arguments()
    out = arguments.out
    out.mkdir(parents=True)
    for name in ("vgg_transfer", "benchmarks"):
        ignored = shutil.ignore_patterns("__pycache__", "*.md")
        shutil.copytree(ROOT / name, out / name, ignore=ignored)
    _pack_weights(out / "weights.npz")
    _pack_pictures(arguments.data, out / "pictures", arguments.images, arguments.side)
    if not arguments.no_wheels:
        _pack_wheels(out / "wheels", arguments.python)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    measuring.answer({"folder": str(out), "bytes": size, "fits": size <= LARGEST})


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("data", type=Path, help="a folder of pictures by class")
    parser.add_argument("--out", type=Path, default=Path("build/gpu_kit"), help="a new folder")
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--side", type=int, default=256, help="of the short side, in pixels")
    parser.add_argument("--python", default="3.11", help="that of the other machine")
    parser.add_argument("--no-wheels", action="store_true", help="the other machine has them")
    return parser.parse_args()


def _pack_weights(file: Path) -> None:
    weights = resolve_weights("imagenet")
    if weights is None:
        raise SystemExit("the ImageNet weights are not there")
    np.savez(file, **{name: one.astype(np.float16) for name, one in weights.tensors.items()})


def _pack_pictures(data: Path, folder: Path, images: int, side: int) -> None:
    for place, one in enumerate(measuring.spread(load_images(data).split("train"), images)):
        target = folder / one.path.parent.name
        target.mkdir(parents=True, exist_ok=True)
        with Image.open(one.path) as picture:
            small = picture.convert("RGB")
            small.thumbnail((2 * side, side) if small.width > small.height else (side, 2 * side))
            small.save(target / f"{place:04}.jpg", quality=90)


def _pack_wheels(folder: Path, python: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    wanted = ["--only-binary", ":all:", "--python-version", python]
    subprocess.run([*command, *wanted, *WHEELS], check=True)


if __name__ == "__main__":
    main()
