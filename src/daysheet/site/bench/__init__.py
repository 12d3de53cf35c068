"""The hot paths measured: a practice of 100,000 patients in a database of its own, each row beside its floor."""
