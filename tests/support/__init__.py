"""What tests of several rooms need and no fixture can be: import it as ``support``."""
