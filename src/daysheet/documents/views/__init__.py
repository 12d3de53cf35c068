"""The screens of papers, of printers and of what waits to be printed."""
