"""Papers: bytes, hash, kind, patient; cards, receipts, statements, scans."""
