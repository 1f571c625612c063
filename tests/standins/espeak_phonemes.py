"""Asks espeak-ng for the phonemes of each line of its input: what it would say, without any sound."""

import ctypes
import sys
from collections.abc import Iterator

import espeakng_loader


def phonemes(library: ctypes.CDLL, text: str) -> Iterator[str]:
    """What each clause of the text becomes; foreign words stand between (en) and (cmn)."""
    rest = ctypes.pointer(ctypes.c_char_p(text.encode()))
    while rest.contents.value is not None:
        said = library.espeak_TextToPhonemes(ctypes.cast(rest, ctypes.POINTER(ctypes.c_void_p)), 1, 0)
        yield (said or b"").decode()


def main() -> None:
    """One line of phonemes for each line of text."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())  # type: ignore[no-untyped-call]
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    data = str(espeakng_loader.get_data_path()).encode()  # type: ignore[no-untyped-call]
    library.espeak_Initialize(2, 0, data, 0x8000)
    library.espeak_SetVoiceByName(b"cmn")
    for line in sys.stdin:
        print(" ".join(phonemes(library, line.strip())))


if __name__ == "__main__":
    main()
