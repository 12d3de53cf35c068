"""How a file of another system is read: what it is, and what it says about each patient. Pure."""
