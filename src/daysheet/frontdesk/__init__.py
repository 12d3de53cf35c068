"""The desk's own screens: day board, check-in, check-out, waiting room."""
