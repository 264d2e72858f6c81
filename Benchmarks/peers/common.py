"""The conversation that every peer holds, and how it is timed: in the processor's time, as `promesa bench dialog` is."""
import pathlib
import time

MESSAGES = (pathlib.Path(__file__).parent / "conversation.txt").read_text("utf-8").split("\n")[:-1]
EXPECTED = "Quedó anotado: 20000 para el viernes."


def report(name, hold, seconds=3.0):
    """Holds conversations with `hold(messages) -> last reply` for some seconds and prints turns a second."""
    assert hold(MESSAGES) == EXPECTED, f"{name} says: {hold(MESSAGES)}"
    conversations, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        hold(MESSAGES)
        conversations += 1
    print(f"{name}\t{conversations * len(MESSAGES) / (time.process_time() - start):.0f}", flush=True)
