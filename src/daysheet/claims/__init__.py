"""Claims out, acknowledgements and remittances in, denials."""
