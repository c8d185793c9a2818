"""The recipes that scripts are: those of often-read texts are the named ones, written by hand."""

import pytest

from vgg_transfer.doctor.scripts import read_script, recipe_of
from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Augmentation, Head, Recipe, Stage, from_toml, named, to_toml

POOLED = """\
base_model = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
x = GlobalAveragePooling2D()(base_model.output)
x = Dense(128, activation='relu', kernel_regularizer=tf.keras.regularizers.l2(0.001))(x)
model = Model(inputs=base_model.input, outputs=Dense(num_classes, activation='softmax')(x))
for layer in base_model.layers:
    layer.trainable = False
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
"""
STOPPED = """\
stop = EarlyStopping(monitor='val_loss', patience=10, restore_best_weights=True)
model.fit(x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[stop])
"""
OPENED = """\
for layer in base_model.layers[-5:]:
    layer.trainable = True
model.compile(optimizer=Adam(learning_rate=0.0001), loss='categorical_crossentropy')
model.fit(x, y, epochs=50, validation_data=(x_val, y_val))
"""
CHANGES = "width_shift_range={0}, height_shift_range={0}, shear_range=0.2, zoom_range=0.2, "
GENERATOR = """\
datagen = ImageDataGenerator({more}rotation_range={turn}, {changes}
                             horizontal_flip=True, fill_mode='nearest')
train_generator = datagen.flow(x, y, batch_size=32)
"""
PHOTOS = GENERATOR.format(more="", turn=20, changes=CHANGES.format(0.2))
RESCALED = GENERATOR.format(more="rescale=1./255, ", turn=20, changes=CHANGES.format(0.2))
SMALL = GENERATOR.format(more="", turn=15, changes=CHANGES.format(0.1))
GENERATED = "model.fit(train_generator, epochs=100, validation_data=(x_val, y_val))\n"
PLATEAU = """\
reduce_lr = ReduceLROnPlateau(monitor='val_loss', factor=0.1, patience=5, min_lr=1e-6)
model.fit(train_generator, epochs=100, validation_data=valid, callbacks=[reduce_lr])
"""
CATS = """\
train_datagen = ImageDataGenerator(rescale=1./255, shear_range=0.2, zoom_range=0.2,
                                   horizontal_flip=True)
train_generator = train_datagen.flow_from_directory(
    'train_data/', target_size=(224, 224), batch_size=32, class_mode='binary')
base_model = VGG16(weights={weights}, include_top=False, input_shape=(224, 224, 3))
for layer in base_model.layers:
    layer.trainable = {learns}
x = Dense(256, activation='relu')(Flatten()(base_model.output))
{dropout}
model = Model(inputs=base_model.input, outputs=Dense(1, activation='sigmoid')(x))
model.compile(optimizer=Adam(learning_rate={rate}), loss='binary_crossentropy')
{again}
model.fit(train_generator, epochs=20)
"""
AGAIN = """\
train_datagen = ImageDataGenerator(rescale=1./255, shear_range=0.2, zoom_range=0.2,
    horizontal_flip=True, rotation_range=20, width_shift_range=0.2, height_shift_range=0.2)
"""
FROZEN = CATS.format(weights="None", learns=False, rate=1e-4, dropout="", again="")
OPEN = {"weights": "'imagenet'", "learns": True, "rate": 1e-5}
EVERYTHING = CATS.format(**OPEN, dropout="", again="")
AUGMENTED = CATS.format(**OPEN, dropout="x = Dropout(0.5)(x)", again=AGAIN)
POPPED = """\
base_model = VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
for i in range(4):
    base_model.layers.pop()
x = Dropout(0.5)(Dense(512, activation='relu')(Flatten()(base_model.output)))
model = Model(inputs=base_model.input, outputs=Dense(100, activation='softmax')(x))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
"""
FITTED = "model.fit(x, y, epochs=100, validation_data=(x_val, y_val))\n"
COUNTED = """\
base_model = VGG16(weights='imagenet', include_top=False, input_shape=(32, 32, 3))
base_model.trainable = False
x = Dropout(0.5)(Dense(1024, activation='relu')(Flatten()(base_model.output)))
model = Model(inputs=base_model.input, outputs=Dense(100, activation='softmax')(x))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(x, y, epochs=10, validation_data=(x_val, y_val))
for layer in model.layers[-5:]:
    layer.trainable = True
model.compile(optimizer=Adam(learning_rate=0.0001), loss='categorical_crossentropy')
model.fit(x, y, epochs=20, validation_data=(x_val, y_val))
"""
OWN = """\
model = Sequential([Flatten(), Dense(5, activation='softmax')])
model.compile('adam', 'categorical_crossentropy')
"""
TEXTS = {
    "pooled-head": POOLED + STOPPED,
    "generator-augmentation": POOLED + PHOTOS + GENERATED,
    "last-layers": POOLED + STOPPED + OPENED,
    "dog-cat-everything": EVERYTHING,
    "dog-cat-augmented": AUGMENTED,
    "cifar-truncated": POPPED + FITTED,
    "cifar-augmented": POPPED + SMALL + GENERATED,
    "cifar-transfer": COUNTED,
    "plateau": POOLED + RESCALED + PLATEAU,
}


def nameless(recipe: Recipe) -> Recipe:
    return recipe.changed(name="", description="", source="")


@pytest.mark.parametrize("name", TEXTS)
def test_a_script_mended_is_the_recipe_that_was_written_by_hand(name):
    carried = recipe_of(read_script(TEXTS[name], "train.py"))
    assert nameless(carried.mended) == nameless(named(name))
    assert from_toml(to_toml(carried.written)) == carried.written


def test_as_its_author_wrote_it_a_fault_is_kept():
    carried = recipe_of(read_script(FROZEN, "cats.py"))
    assert nameless(carried.written) == nameless(named("dog-cat-frozen-noise"))
    assert (carried.mended.base.weights, carried.mended.preprocess) == ("imagenet", "imagenet")
    assert (carried.written.name, carried.mended.name) == ("cats", "cats-mended")
    assert recipe_of(read_script(EVERYTHING, "a.py")).written.preprocess == "rescale"
    popped = recipe_of(read_script(POPPED + FITTED, "a.py")).written
    assert (popped.base.blocks, popped.stage[0].rate) == (5, 1e-3)
    counted = recipe_of(read_script(COUNTED, "a.py")).written
    assert [stage.train for stage in counted.stage] == [("head",), ("head",)]


def test_what_is_left_out_is_listed():
    text = POOLED.replace("'adam'", "'nadam'") + "model.fit(x, y, epochs=n, callbacks=[Mine()])\n"
    carried = recipe_of(read_script(text, "a.py"))
    assert carried.mended is carried.written
    assert carried.left_out == (
        "what is done to the pixels, which are not known: imagenet is taken",
        "the epochs of line 8, which are unknown: 10 are taken",
        "nadam of line 7: adam is taken",
    )


def test_weights_of_the_last_epoch_are_kept_as_written():
    text = POOLED + STOPPED.replace(", restore_best_weights=True", "")
    carried = recipe_of(read_script(text, "a.py"))
    assert (carried.written.stage[0].keep, carried.mended.stage[0].keep) == ("last", "best")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n", "has no training of a Keras model that could be followed"),
        (OWN + FITTED, "has no network that could be followed, and recipes are of VGG16"),
        (POOLED.replace("VGG16", "ResNet50") + FITTED, "has ResNet50, and recipes are of VGG16"),
        (POOLED.replace("'adam'", "Adam(99.0)") + FITTED, "is outside of what a recipe may say"),
    ],
)
def test_where_there_is_none_it_is_said_why(text, says):
    with pytest.raises(RecipeError, match=says):
        recipe_of(read_script(text, "a.py"))


def test_layers_of_keras_and_phases_are_carried_over():
    text = """\
data = keras.utils.image_dataset_from_directory('c', image_size=(160, 160), batch_size=64)
changes = Sequential([RandomFlip('horizontal'), RandomRotation(0.1), RandomZoom(0.2)])
start = Input((160, 160, 3))
base = keras.applications.VGG19(include_top=False, weights='imagenet')
base.trainable = False
x = base(keras.applications.vgg19.preprocess_input(changes(start)), training=False)
x = Dense(256)(GlobalMaxPooling2D()(x))
x = Dropout(0.3)(Activation('relu')(BatchNormalization()(x)))
model = Model(start, Dense(7, activation='softmax')(x))
model.compile(AdamW(1e-3, weight_decay=1e-4), 'sparse_categorical_crossentropy')
model.fit(data, epochs=4)
base.trainable = True
for layer in base.layers:
    layer.trainable = layer.name.startswith(('block4', 'block5'))
model.compile(SGD(1e-3, momentum=0.5), 'sparse_categorical_crossentropy')
model.fit(data, epochs=14, initial_epoch=4)
"""
    carried = recipe_of(read_script(text, "a.py"))
    recipe = carried.written
    assert carried.left_out == ()
    assert (recipe.base.architecture, recipe.size, recipe.batch_size) == ("vgg19", 160, 64)
    assert recipe.preprocess == "imagenet"
    assert recipe.augmentation == Augmentation(flip="horizontal", rotation=36.0, zoom=0.2)
    assert recipe.head == Head(
        pooling="max", dense=(256,), dropout=0.3, batch_norm=True, output="softmax"
    )
    assert recipe.stage == (
        Stage(train=("head",), epochs=4, optimizer="adamw", rate=1e-3, weight_decay=1e-4),
        Stage(
            train=("block4", "block5", "head"), epochs=10, optimizer="sgd", rate=1e-3, momentum=0.5
        ),
    )
