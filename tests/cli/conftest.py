"""What the tests of several verbs need."""

import pytest

from vgg_transfer import recipe as recipes
from vgg_transfer.cli import main


@pytest.fixture
def recipe_file(tiny_recipe, tmp_path):
    """The tiny recipe as a TOML file."""
    file = tmp_path / "tiny recipe.toml"
    file.write_text(recipes.to_toml(tiny_recipe), encoding="utf-8")
    return file


@pytest.fixture
def both(capsys):
    """Run a command; return what it wrote on stdout and on stderr."""

    def run(*arguments, code=0):
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        assert leaving.value.code == code, written.err
        assert "Traceback" not in written.err
        return written

    return run


@pytest.fixture
def ran(both):
    """Run a command; return what it wrote on stdout, or on stderr where it must fail."""

    def run(*arguments, code=0):
        written = both(*arguments, code=code)
        return written.err if code else written.out

    return run
