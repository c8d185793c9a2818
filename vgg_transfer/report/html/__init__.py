"""The report: one HTML file that needs nothing else, of a run or of a comparison."""
