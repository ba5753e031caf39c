"""Vafa: customer retention for growing businesses."""

import os

__version__ = "0.1.0"

# One thread for linear algebra in each process, unless it is said otherwise. On cores that others use, its threads wait
# for each other without resting: a training of half a minute took ten. Read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
