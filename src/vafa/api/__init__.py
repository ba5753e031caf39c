"""The public API: what programs may read, over HTTP, as JSON. Calls the doors of the rooms and nothing else."""
