"""One module for each guide: its records, how they are read, how they are written."""
