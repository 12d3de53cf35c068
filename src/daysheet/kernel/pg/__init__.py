"""Our PostgreSQL backend: row-level security, composite foreign keys and grants come with every migration."""
