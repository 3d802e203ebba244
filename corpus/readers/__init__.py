"""One file format each: text in, Document or Reference out."""
