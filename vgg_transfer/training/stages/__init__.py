"""One stage: its inputs, optimizer, rates and callbacks, and the fit itself."""
