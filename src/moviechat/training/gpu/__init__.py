"""The GPU's kernels, libraries' where there are some; what trains asks `door` and nothing else."""
