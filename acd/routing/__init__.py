"""Who gets whom: policies as pure functions, one each, chosen by name in the settings."""
