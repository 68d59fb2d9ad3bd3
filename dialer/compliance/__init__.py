"""The law as data, and the one gate every dial passes."""
