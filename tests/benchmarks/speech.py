"""`xiangyin bench speech`: 30 s of speech from text to finished audio, and the second time from the store."""

from __future__ import annotations

from broadcast.bench import measure_speech


def main() -> None:
    """Print the figures."""
    figures = measure_speech()
    print(f"{figures.speech_s:.1f} s of speech, {figures.audio_s:.1f} s of finished broadcast")
    print(
        f"read {figures.reading_s:.3f} s, spoken {figures.synthesis_s:.3f} s, mastered {figures.mastering_s:.3f} s"
    )
    print(
        f"{figures.times_real_time:.0f} times real time; again from the store: {figures.again_s * 1000:.1f} ms"
    )


if __name__ == "__main__":
    main()
