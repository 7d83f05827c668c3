import logging

from moviechat.quiet import quiet


def test_quiet_hushes_bars_and_wishes() -> None:
    from transformers.utils import logging as transformers_logging

    quiet()
    assert not transformers_logging.is_progress_bar_enabled()
    assert not logging.getLogger("bitsandbytes.backends.cpu.ops").isEnabledFor(logging.WARNING)
