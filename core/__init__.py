"""Who Am I?: everything that works without a screen."""

import os

__version__ = "0.1.0"
"""The one place where the version stands; CHANGELOG.md tells what is in it."""

# Read once, when torch loads OpenMP, so it is set before any module here can import torch. Threads that spin while they
# wait for each other make training several times slower beside another busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
