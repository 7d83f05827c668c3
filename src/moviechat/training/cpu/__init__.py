"""The CPU kernels; other packages import `door` only."""
