"""``python -m vgg_transfer`` is ``vgg-transfer``."""

from vgg_transfer.cli import main

if __name__ == "__main__":
    main()
