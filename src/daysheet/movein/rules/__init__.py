"""What a file of an old system says: read, mapped, and each value understood. Pure."""
