"""`python -m core STEP ...`"""

import gc
import sys


def start() -> int:
    """Run the command line. What is imported is no garbage: without the collector, importing takes a sixth less."""
    gc.disable()
    try:
        from core.cli import commands_for, main

        commands_for(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 3
    finally:
        gc.freeze()
        gc.enable()
    return main()


if __name__ == "__main__":
    sys.exit(start())
