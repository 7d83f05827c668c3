"""The GPU kernels, libraries' where there are any; other packages import `door` only."""
