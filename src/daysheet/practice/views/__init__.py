"""The screens of the room `practice`: signing in, and the office's places and people."""
