"""Tools for those who work on the code; nothing at run time needs them."""
