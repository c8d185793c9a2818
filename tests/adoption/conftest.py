"""One model of somebody else's for all tests of this folder."""

import pytest
from support import foreign


@pytest.fixture(scope="session")
def learnt():
    """A narrow VGG16 that has learnt from RGB pixels / 255. Do not train it on."""
    return foreign.learnt()
