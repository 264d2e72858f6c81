"""The conversation that every peer holds, and how it is timed."""
import pathlib
import time

MESSAGES = (pathlib.Path(__file__).parent / "conversation.txt").read_text("utf-8").split("\n")[:-1]
EXPECTED = "Quedó anotado: 20000 para el viernes."


def report(name, hold, seconds=3.0):
    """Holds conversations with `hold(messages) -> last reply` for some seconds and prints turns a second."""
    assert hold(MESSAGES) == EXPECTED, f"{name} says: {hold(MESSAGES)}"
    conversations, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        hold(MESSAGES)
        conversations += 1
    print(f"{name}\t{conversations * len(MESSAGES) / (time.perf_counter() - start):.0f}", flush=True)
