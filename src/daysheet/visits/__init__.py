"""The encounter: the noun that joins a day together, its flow and its to-do."""
