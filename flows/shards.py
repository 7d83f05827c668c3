"""Ask a language model for pairs in parallel shards: `python -m flows.shards --shards 8 --runner dask`.

Each shard is a process of the stage (`generate_qa --shard 2/8`), which only puts replies into the store; `dvc repro`
then finds every reply there and sends no request. The processes share data/cache. Prefect's task runner decides where
they run: threads start them here, Dask and Ray on the machines of a cluster (`--address`) or on a local one. Dask is
an extra: pip install --constraint constraints.txt '.[dask]'.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.process import stream

RUNNERS = ("threads", "dask", "ray")


@task(name="shard")
def shard(number: int, of: int, root: str) -> None:
    """Run one shard in the repository at `root`; raises RuntimeError with its last line."""
    told = [""]
    logger = get_run_logger()

    def tell(line: str) -> None:
        told[0] = line
        logger.info(line)

    command = [sys.executable, "-m", "moviechat.stages.generate_qa", "--shard", f"{number}/{of}"]
    if status := stream(command, tell, cwd=Path(root), env=dict(os.environ)):
        raise RuntimeError(f"shard {number}/{of} ended with {status}: {told[0]}")


@flow(name="shards")
def shards(of: int, root: str) -> None:
    """Run all shards; those that succeed keep their replies even if others fail."""
    futures = shard.map(range(1, of + 1), of=of, root=root)
    futures.result()


def runner(name: str, workers: int, address: str | None = None) -> TaskRunner[Any]:
    """Prefect's task runner by name; SystemExit says what to install if it is missing."""
    if name == "threads":
        return ThreadPoolTaskRunner(max_workers=workers)
    found: TaskRunner[Any]
    try:
        if name == "dask":
            from prefect_dask import DaskTaskRunner

            local = None if address else {"n_workers": workers, "threads_per_worker": 1}
            found = DaskTaskRunner(address=address, cluster_kwargs=local)
        else:
            from prefect_ray import RayTaskRunner

            found = RayTaskRunner(address=address, init_kwargs=None if address else {"num_cpus": workers})
    except ModuleNotFoundError as error:
        raise SystemExit(
            f"the runner {name} needs {error.name}: pip install --constraint constraints.txt prefect-{name}"
        ) from None
    return found


def main() -> None:
    """Read the command line and run the flow."""
    parser = argparse.ArgumentParser(prog="python -m flows.shards", description="Ask for pairs in shards.")
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--runner", choices=RUNNERS, default="threads")
    parser.add_argument("--workers", type=int, default=2, help="shards at the same time, with a local runner")
    parser.add_argument("--address", help="of an existing Dask scheduler or Ray head")
    asked = parser.parse_args()
    chosen = shards.with_options(task_runner=runner(asked.runner, asked.workers, asked.address))
    chosen(asked.shards, str(Path.cwd()))


if __name__ == "__main__":
    main()
