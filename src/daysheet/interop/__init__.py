"""The door to other systems: bundles and tables of synthetic people come in here, and nothing goes out yet.

A *record* is what a file says about one patient, in the office's words; `rules` makes records out of files
and writes nothing, `commands.import_record` puts one record into the house in one transaction.
"""
