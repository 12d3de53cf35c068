"""Finding a program, drawing where it is, adding up what it costs: values in, values out."""
