"""Each field of an augmentation is tried on a picture that shows what it did, and how far."""

import colorsys
import hashlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from vgg_transfer.images import ImageRecord
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.changing.augmenter import augmenter, mixer
from vgg_transfer.images.moments import StageSeed
from vgg_transfer.images.tfdata.batches import rendered_batches, training_batches
from vgg_transfer.recipe import Augmentation, augmentation_names, named_augmentation

SIZE = 32
ROWS, COLUMNS = np.mgrid[:SIZE, :SIZE]
NOISE = np.random.default_rng(0).uniform(0, 255, (SIZE, SIZE, 3))
# Every field that changes single images: others only say how these do it.
FIELDS = {
    "flip": "horizontal",
    "rotation": 20.0,
    "shift": 0.2,
    "shear": 0.2,
    "zoom": 0.2,
    "crop_padding": 3,
    "rand_augment": 0.5,
    "brightness": 0.2,
    "contrast": 0.3,
    "saturation": 0.4,
    "hue": 0.1,
    "grayscale": 0.5,
    "blur": 1.5,
    "erasing": 0.5,
}
LARGEST = dict.fromkeys(FIELDS, 1.0) | {
    "flip": "both",
    "rotation": 180.0,
    "crop_padding": 2 * SIZE,
    "hue": 0.5,
    "blur": 10.0,
}


def renderings(augmentation, pixels, count=60):
    """Return the picture under that many different seeds."""
    change = augmenter(augmentation, pixels.shape[0])
    seeds = np.random.default_rng(1).integers(-(2**31), 2**31, (count, 2))
    picture = tf.constant(pixels, tf.float32)
    changed = tf.data.Dataset.from_tensor_slices(seeds).map(lambda seed: change(picture, seed))
    return np.stack(list(changed.as_numpy_iterator()))


def alike(one, other):
    return np.abs(one - other).max() < 1e-3


def centre(picture):
    """Return the (row, column) of a bright thing's centre on black."""
    light = picture[..., 0]
    return np.array([(light * ROWS).sum(), (light * COLUMNS).sum()]) / light.sum()


def slope(picture):
    """Return how many rows a bar rises per column: 0 where it lies level."""
    light, (row, column) = picture[..., 0], centre(picture)
    rows, columns = ROWS - row, COLUMNS - column
    turned = 2 * (light * rows * columns).sum(), (light * (columns**2 - rows**2)).sum()
    return np.tan(np.arctan2(*turned) / 2)


def bar():
    picture = np.zeros((SIZE, SIZE, 3))
    picture[15:17, 4:28] = 255
    return picture


def spot():
    picture = np.zeros((SIZE, SIZE, 3))
    picture[14:18, 14:18] = 255
    return picture


def one_colour(red, green, blue):
    return np.broadcast_to(np.array([red, green, blue], float), (SIZE, SIZE, 3))


def test_every_field_is_tried_here():
    tried = {*FIELDS, "fill", "rand_augment_operations", "mixup", "cutmix"}
    assert set(Augmentation.model_fields) == tried


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_at_its_largest_changes_the_image_and_keeps_its_size_and_range(field):
    found = renderings(Augmentation(**{field: LARGEST[field]}), NOISE, count=12)
    assert found.shape == (12, SIZE, SIZE, 3)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 255
    assert not all(alike(one, NOISE) for one in found)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Five pictures of noise; picture k has the label k."""
    folder = tmp_path_factory.mktemp("noise")
    found = []
    for number, pixels in enumerate(np.random.default_rng(2).integers(0, 256, (5, 20, 20, 3))):
        path = folder / f"{number}.png"
        Image.fromarray(pixels.astype(np.uint8)).save(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(ImageRecord(path, number, "train", digest, 20, 20))
    return tuple(found)


def views_of(records, augmentation, batch_size):
    """Return view 1 of each picture by its label, rendered in the order and batches given."""
    form = BatchForm(16, "squash", batch_size)
    batches = rendered_batches(records, [1] * len(records), augmentation, form)
    pixels = np.concatenate(list(batches.as_numpy_iterator()))
    return {record.label: one for record, one in zip(records, pixels, strict=True)}


# What takes the colours, or the fine differences, of all that comes before it.
HIDING = ("grayscale", "rand_augment", "erasing")


@pytest.mark.parametrize(
    "amounts",
    [
        {field: amount for field, amount in FIELDS.items() if field not in HIDING},
        {field: FIELDS[field] for field in HIDING},
        FIELDS,
    ],
    ids=["what hides nothing", "what hides others", "all together"],
)
def test_a_view_belongs_to_its_image_whatever_comes_before_or_beside_it(records, amounts):
    found = views_of(records, Augmentation(**amounts), batch_size=3)
    again = views_of(records[:0:-1], Augmentation(**amounts), batch_size=2)
    assert set(again) == {1, 2, 3, 4}
    for label, pixels in again.items():
        np.testing.assert_array_equal(pixels, found[label])


@pytest.mark.parametrize("name", augmentation_names())
def test_a_named_set_changes_an_image_by_seed_stage_epoch_and_image_alone(records, name):
    def epochs(some, batch_size):
        form = BatchForm(16, "squash", batch_size)
        batches = training_batches(
            some, form, lambda labels: labels, named_augmentation(name), StageSeed(3, 1), epochs=2
        )
        pairs = [
            (pixels, labels) for batch in batches for pixels, labels in zip(*batch, strict=True)
        ]
        halves = pairs[: len(some)], pairs[len(some) :]
        return [{int(label): pixels.numpy() for pixels, label in half} for half in halves]

    found, again = epochs(records, 3), epochs(records[:0:-1], 2)
    for epoch, other in zip(found, again, strict=True):
        for label, pixels in other.items():
            np.testing.assert_array_equal(pixels, epoch[label])
    same = [np.array_equal(found[0][label], found[1][label]) for label in found[0]]
    assert all(same) if name == "none" else not all(same)


def test_all_fields_together_keep_range_and_size():
    found = renderings(Augmentation(**FIELDS), NOISE, count=12)
    assert found.shape == (12, SIZE, SIZE, 3)
    assert 0 <= found.min() <= found.max() <= 255
    assert len({one.tobytes() for one in found}) == 12


def test_flip_mirrors_about_half_of_the_images_and_leaves_the_others():
    found = renderings(Augmentation(flip="horizontal"), NOISE)
    mirrored = [alike(one, NOISE[:, ::-1]) for one in found]
    assert all(
        alike(one, NOISE) or is_mirrored for one, is_mirrored in zip(found, mirrored, strict=True)
    )
    assert 0.3 < np.mean(mirrored) < 0.7


def test_flip_both_mirrors_each_direction_by_itself():
    ways = (NOISE, NOISE[:, ::-1], NOISE[::-1], NOISE[::-1, ::-1])
    found = renderings(Augmentation(flip="both"), NOISE, count=80)
    counts = [sum(alike(one, way) for one in found) for way in ways]
    assert sum(counts) == 80
    assert min(counts) > 5  # a quarter each, up to chance


def test_crop_padding_is_a_window_of_the_image_with_a_black_border():
    around = np.pad(NOISE, ((3, 3), (3, 3), (0, 0)))
    places = {
        (row, column)
        for one in renderings(Augmentation(crop_padding=3), NOISE)
        for row in range(7)
        for column in range(7)
        if alike(one, around[row : row + SIZE, column : column + SIZE])
    }
    assert {row for row, _ in places} == set(range(7))
    assert {column for _, column in places} == set(range(7))


def test_shift_moves_by_at_most_its_share_in_all_four_directions():
    moved = np.stack([centre(one) for one in renderings(Augmentation(shift=0.2), spot())]) - 15.5
    assert np.abs(moved).max() <= 0.2 * SIZE + 0.01
    assert (moved.min(axis=0) < -4).all()
    assert (moved.max(axis=0) > 4).all()


def test_rotation_turns_by_at_most_its_degrees_either_way():
    angles = np.degrees(
        np.arctan([slope(one) for one in renderings(Augmentation(rotation=20.0), bar())])
    )
    assert np.abs(angles).max() <= 20.5
    assert angles.min() < -15
    assert angles.max() > 15


def test_shear_leans_by_at_most_its_share_in_both_directions():
    level = bar()
    upright = level.transpose(1, 0, 2)
    leaning = Augmentation(shear=0.2, fill="black")
    for rises in (
        np.array([slope(one) for one in renderings(leaning, level)]),
        np.array([1 / slope(one) for one in renderings(leaning, upright)]),
    ):
        assert np.abs(rises).max() <= 0.21
        assert rises.min() < -0.1
        assert rises.max() > 0.1


def test_zoom_changes_each_side_by_at_most_its_share_about_the_centre():
    found = renderings(Augmentation(zoom=0.3, fill="black"), spot())
    areas = found[..., 0].sum(axis=(1, 2)) / spot()[..., 0].sum()
    assert 1 / 1.3**2 - 0.05 <= areas.min() < 0.8
    assert 1.2 < areas.max() <= 1 / 0.7**2 + 0.05
    assert np.abs(np.stack([centre(one) for one in found]) - 15.5).max() < 0.01


def test_fill_says_what_appears_at_the_border():
    white = one_colour(255, 255, 255)
    for fill, lowest in (("nearest", 255), ("reflect", 255), ("black", 0)):
        found = renderings(Augmentation(rotation=45.0, fill=fill), white, count=12)
        assert found.min() == pytest.approx(lowest, abs=0.01)


def test_brightness_moves_all_pixels_by_at_most_its_share():
    moved = (renderings(Augmentation(brightness=0.2), one_colour(100, 100, 100)) - 100) / 255
    assert moved.std(axis=(1, 2, 3)).max() < 1e-5
    assert -0.2 <= moved.min() < -0.1
    assert 0.1 < moved.max() <= 0.2


def test_contrast_goes_up_and_down_and_keeps_the_mean():
    grey = 100 + NOISE / 5  # far from 0 and 255, so that nothing is clipped
    found = renderings(Augmentation(contrast=0.3), grey)
    assert np.abs(found.mean(axis=(1, 2, 3)) - grey.mean()).max() < 0.01
    factors = found.std(axis=(1, 2, 3)) / grey.std()
    assert 1.1 < factors.max() <= 1.301
    assert 0.699 <= factors.min() < 0.9


def test_saturation_goes_up_and_down_and_leaves_hue_brightness_and_grey():
    found = renderings(Augmentation(saturation=0.4), one_colour(120, 90, 60))
    hue, saturation, value = np.array([colorsys.rgb_to_hsv(*one[0, 0] / 255) for one in found]).T
    assert np.ptp(hue) < 1e-4
    assert np.ptp(value) < 1e-4
    assert 0.299 <= saturation.min() < 0.4  # 0.5 is where it starts
    assert 0.6 < saturation.max() <= 0.701
    grey = one_colour(90, 90, 90)
    assert all(alike(one, grey) for one in renderings(Augmentation(saturation=0.4), grey, 6))


def test_hue_turns_by_at_most_its_share_of_the_circle_either_way():
    start = colorsys.rgb_to_hsv(60, 120, 90)[0]
    found = renderings(Augmentation(hue=0.1), one_colour(60, 120, 90))
    hue, saturation, value = np.array([colorsys.rgb_to_hsv(*one[0, 0] / 255) for one in found]).T
    assert -0.1001 <= (hue - start).min() < -0.05
    assert 0.05 < (hue - start).max() <= 0.1001
    assert np.ptp(saturation) < 1e-4
    assert np.ptp(value) < 1e-4
    grey = one_colour(90, 90, 90)
    assert all(alike(one, grey) for one in renderings(Augmentation(hue=0.5), grey, 6))


def test_erasing_takes_one_patch_from_its_share_of_the_images():
    found = renderings(Augmentation(erasing=0.3), NOISE, count=200)
    lost = (np.abs(found - NOISE) > 1e-3).any(axis=-1)
    assert 0.2 < lost.any(axis=(1, 2)).mean() < 0.4
    for patch in lost[lost.any(axis=(1, 2))]:
        rows, columns = patch.any(axis=1), patch.any(axis=0)
        np.testing.assert_array_equal(patch, np.outer(rows, columns))  # a rectangle, rest untouched
        assert patch.mean() < 0.34


def test_grayscale_takes_the_colour_of_its_share_of_the_images():
    found = renderings(Augmentation(grayscale=0.3), NOISE, count=200)
    grey = np.array([alike(one, one[..., :1]) for one in found])
    assert 0.2 < grey.mean() < 0.4
    assert all(alike(one, NOISE) for one in found[~grey])
    luminance = NOISE @ np.array([0.299, 0.587, 0.114])  # how bright a colour looks
    assert np.abs(found[grey] - luminance[..., np.newaxis]).max() < 0.1


def test_blur_spreads_a_point_by_its_own_sigma_alike_in_both_directions():
    point = np.zeros((SIZE, SIZE, 3))
    point[16, 16] = 255
    found = renderings(Augmentation(blur=2.0), point)[..., 0] / 255
    np.testing.assert_allclose(found.sum(axis=(1, 2)), 1.0, atol=1e-4)
    rows = np.sqrt((found * (ROWS - 16.0) ** 2).sum(axis=(1, 2)))
    columns = np.sqrt((found * (COLUMNS - 16.0) ** 2).sum(axis=(1, 2)))
    np.testing.assert_allclose(rows, columns, atol=1e-3)
    assert rows.max() <= 2.0
    assert rows.max() > 1.7
    assert rows.min() < 0.3


def test_blur_and_random_operations_do_not_darken_the_border():
    white = one_colour(255, 255, 255)
    assert all(alike(one, white) for one in renderings(Augmentation(blur=2.0), white, 6))
    # Not one operation but less light and fewer colour levels changes a white image.
    found = renderings(Augmentation(rand_augment=1.0, rand_augment_operations=1), white)
    assert np.ptp(found, axis=(1, 2, 3)).max() < 1e-3


def test_random_operations_are_drawn_evenly():
    """Of the ten, two change a plain grey image: brightness, and fewer colour levels.

    100 is 01100100 in bits: the upper 6 or 7 of them still say 100, the upper 4 or 5 say 96.
    """
    grey = one_colour(100, 100, 100)
    found = renderings(Augmentation(rand_augment=1.0, rand_augment_operations=1), grey, 300)
    assert np.isfinite(found).all()
    assert np.ptp(found, axis=(1, 2, 3)).max() < 0.01
    value = found[:, 0, 0, 0].round(2)
    assert 0.01 < (value == 96).mean() < 0.1
    lighter_or_darker = ~np.isin(value, (96, 100))
    assert 0.05 < lighter_or_darker.mean() < 0.17
    assert np.abs(value - 100).max() <= 0.5 * 255


def test_more_random_operations_change_more_images():
    grey = one_colour(100, 100, 100)

    def changed(operations):
        wanted = Augmentation(rand_augment=1.0, rand_augment_operations=operations)
        return np.mean([not alike(one, grey) for one in renderings(wanted, grey, 100)])

    # By reasoning 0.15 after one operation, and 1 - 0.85 ** 5 = 0.56 after five.
    assert changed(1) < 0.3
    assert changed(5) > 0.4


def test_weak_random_operations_are_weak():
    """All 256 levels are there equally often, so stretched or equalised it stays as it is."""
    levels = np.arange(SIZE * SIZE).reshape(SIZE, SIZE) // 4
    picture = np.repeat(levels[..., np.newaxis].astype(float), 3, axis=-1)
    found = renderings(Augmentation(rand_augment=0.02), picture)
    assert np.abs(found - picture).max() < 10
    assert not all(alike(one, picture) for one in found)


def test_strong_random_operations_turn_by_at_most_30_degrees():
    wanted = Augmentation(rand_augment=1.0, rand_augment_operations=1, fill="black")
    found = renderings(wanted, bar(), count=150)
    dark = found - found.min(axis=(1, 2), keepdims=True)  # more brightness lifts the black as well
    angles = np.degrees(np.arctan([slope(one) for one in dark if one.any()]))
    assert np.abs(angles).max() <= 30.5
    assert angles.min() < -10
    assert angles.max() > 10


def mixed(augmentation, count=40):
    """Return batches of four one-coloured images, mixed, as (shares of each image, targets)."""
    mix = mixer(augmentation)
    assert mix is not None
    # Image k is 1 in channel k and 0 elsewhere: the mean of a channel is the share of its image.
    images = np.zeros((4, 8, 8, 4), np.float32)
    for number in range(4):
        images[number, :, :, number] = 1.0
    seeds = tf.constant([[number, 7] for number in range(count)], tf.int64)
    found = [mix(tf.constant(images), tf.eye(4), seed) for seed in seeds]
    shares = np.stack([batch.numpy().mean(axis=(1, 2)) for batch, _ in found])
    return shares, np.stack([targets.numpy() for _, targets in found])


def test_nothing_is_mixed_unless_it_is_asked_for():
    assert mixer(Augmentation(**FIELDS)) is None


def test_mixup_mixes_images_and_targets_by_the_same_shares():
    shares, targets = mixed(Augmentation(mixup=0.4))
    np.testing.assert_allclose(shares, targets, atol=1e-5)
    np.testing.assert_allclose(targets.sum(axis=-1), 1.0, atol=1e-5)
    own = np.diagonal(targets, axis1=1, axis2=2)
    assert ((own > 0.05) & (own < 0.95)).any()
    again, _ = mixed(Augmentation(mixup=0.4))
    np.testing.assert_array_equal(shares, again)


def test_cutmix_pastes_a_patch_and_targets_follow_its_area():
    shares, targets = mixed(Augmentation(cutmix=0.5))
    np.testing.assert_allclose(targets.sum(axis=-1), 1.0, atol=1e-5)
    # Borders of a patch fall between pixels: one row and one column of eight may go either way.
    assert np.abs(shares - targets).max() < 0.3
    assert np.abs(shares - targets).mean() < 0.05
    assert (targets.max(axis=-1) < 0.95).any()


def test_mixing_keeps_the_dtype_of_stored_activations():
    mix = mixer(Augmentation(mixup=0.4))
    assert mix is not None
    stored = tf.ones((4, 2, 2, 3), tf.bfloat16)
    batch, targets = mix(stored, tf.eye(4), tf.constant([1, 2], tf.int64))
    assert batch.dtype == tf.bfloat16
    assert targets.dtype == tf.float32
