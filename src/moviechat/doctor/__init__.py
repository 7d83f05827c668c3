"""What is installed, built, reachable and current, and what to do about what is not."""

from __future__ import annotations

from moviechat.doctor.examine import examine, report

__all__ = ["examine", "report"]
