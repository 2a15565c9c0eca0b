"""Parsl on a Slurm cluster: copy this file, and change what is your site's. `handgrad grade LAB --on parsl:slurm.py`

The folder `run_dir` holds the keys of the encryption: it lies where all nodes see it, and only you may read it.
"""

from functools import partial
from pathlib import Path

from parsl import Config
from parsl.addresses import address_by_hostname
from parsl.executors import HighThroughputExecutor
from parsl.jobs.error_handlers import windowed_error_handler
from parsl.launchers import SrunLauncher
from parsl.providers import SlurmProvider

NODES, WORKERS = 4, 32  # at most so many nodes, so many submissions at a time on each

config = Config(
    executors=[
        HighThroughputExecutor(
            label="slurm",
            address=address_by_hostname(),
            max_workers_per_node=WORKERS,
            encrypted=True,
            block_error_handler=partial(windowed_error_handler, threshold=5),  # a lost node ends nothing
            provider=SlurmProvider(
                partition=None,  # your site's, such as "short"
                account=None,
                nodes_per_block=1,
                init_blocks=1,
                max_blocks=NODES,
                walltime="01:00:00",
                exclusive=False,
                cores_per_node=WORKERS,
                scheduler_options="",  # lines for the job, such as "#SBATCH --mem=64G": 2 GiB for each worker
                worker_init="source .venv/bin/activate",  # the environment that Handgrad is installed in
                launcher=SrunLauncher(),
            ),
        )
    ],
    run_dir=str(Path.home() / ".handgrad" / "parsl"),
    retries=0,  # Handgrad gives a lost job out again itself, and counts
)
