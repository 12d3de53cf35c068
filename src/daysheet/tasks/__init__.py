"""The to-do of the office: one work list under every room."""
