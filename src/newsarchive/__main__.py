"""The program as a process: `newsarchive` and `python -m newsarchive`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the program. Ctrl-C before it is imported, which takes most of a short run, ends it as it ends any other."""
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else ignored, as in the background
    if ours:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from newsarchive.cli import main as run  # noqa: PLC0415 - this is what takes the time

    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
