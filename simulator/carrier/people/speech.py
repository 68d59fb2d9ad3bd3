"""How long words take to say.

Source:
    Reading aloud runs at about 150 to 160 English words a minute, some 15 characters a second, and
    at about 4.5 Chinese characters a second: F. Pellegrino, C. Coupe, E. Marsico, "A cross-language
    perspective on speech information rate", Language 87(3), 2011, table 1 (syllable rates).
"""

LETTERS_PER_S = 15.0
IDEOGRAPHS_PER_S = 4.5

#: Length of a recording whose content is unknown here, such as a `<Play>` of some URL.
RECORDING_S = 6.0


def speech_s(text: str) -> float:
    """Return the seconds it takes to say a text, Chinese characters counted at their own rate.

    Example:
        >>> round(speech_s("Please hold the line."), 1), round(speech_s("请稍等"), 1)
        (1.4, 0.7)
    """
    spoken = text.strip()
    ideographs = sum(1 for character in spoken if "\u3000" <= character <= "\u9fff")
    return ideographs / IDEOGRAPHS_PER_S + (len(spoken) - ideographs) / LETTERS_PER_S
