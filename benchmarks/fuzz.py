"""Does the server keep its own OpenAPI, whatever it is asked? schemathesis against `moviechat serve` on loopback.

    python benchmarks/fuzz.py [--bundle models/bundle] [--seconds 300]

Requests are made from the schema, in keeping with it and against it: no answer may be a 5xx or off the schema, what
keeps the schema is accepted, what breaks it is refused. It ends with 1 if something is found.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from serving import moviechat

from moviechat import paths

SETTINGS = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 1000  # of an operation in one round; rounds go on until the time is over


def main() -> None:
    """Run schemathesis and end with its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=paths.BUNDLE)
    parser.add_argument("--seconds", type=int, default=300)
    asked = parser.parse_args()
    schemathesis = str(Path(sys.executable).with_name("schemathesis"))
    options = ["--max-time", str(asked.seconds), "--max-examples", str(EXAMPLES), "--continue-on-failure"]
    with moviechat(asked.bundle) as ((host, port), _), tempfile.TemporaryDirectory() as folder:
        command = [schemathesis, "--config-file", str(SETTINGS), "run", f"http://{host}:{port}/openapi.json", *options]
        found = subprocess.run([*command, "--generation-database", "none"], cwd=folder)
    sys.exit(found.returncode)


if __name__ == "__main__":
    main()
