"""The CPU's own kernels; what trains asks `door` and nothing else."""
