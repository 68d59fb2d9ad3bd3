"""Draws without entropy: numbers that look random and follow from their names alone.

A policy that needs chance takes a hash of what the draw is for (who, for the how-manieth time), so
replay draws the same. Whole numbers only: logarithms of the standard library differ between
machines in the last bit, and a draw must not.
"""

from hashlib import blake2b

FRACTION_BITS = 16
_DRAW_BITS = 64


def draw(*names: str | int) -> int:
    """Return a whole number from 1 to 2**64 that follows from the names alone."""
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") + 1


def log2_fixed(number: int) -> int:
    """Return the logarithm of a positive number to base 2, in units of 2**-16, rounded down.

    Source: the bit-by-bit method of C. Turner, "A Fast Binary Logarithm Algorithm", IEEE Signal
    Processing Magazine 27(5), 2010: square the mantissa, and each time it passes 2 set a bit.

    Example:
        >>> log2_fixed(8) == 3 << 16
        True
    """
    whole = number.bit_length() - 1
    mantissa = (number << 32) >> whole
    fraction = 0
    for _ in range(FRACTION_BITS):
        mantissa = (mantissa * mantissa) >> 32
        fraction <<= 1
        if mantissa >> 33:
            mantissa >>= 1
            fraction |= 1
    return (whole << FRACTION_BITS) | fraction


def exponential(weight: int, *names: str | int) -> int:
    """Return a draw for a race that is won with a chance in proportion to the weight.

    Source: P. Efraimidis and P. Spirakis, "Weighted random sampling with a reservoir", Information
    Processing Letters 97(5), 2006: with keys `-log(u) / weight`, the smallest of a set belongs to
    each member with a probability proportional to its weight.
    """
    return ((_DRAW_BITS << FRACTION_BITS) - log2_fixed(draw(*names))) * 1_000 // weight
