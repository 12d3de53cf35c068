"""Moving in from the old system: files read, columns mapped, rows looked through, taken in, proven and undone."""
