"""Reading public files into the pack: each recognised by its header, refused in a sentence, or taken in whole."""
