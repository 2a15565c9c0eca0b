"""Parsl on this machine: to try it before a cluster does. `handgrad grade LAB --on parsl:local`"""

import os
import tempfile
from functools import partial

from parsl import Config
from parsl.executors import HighThroughputExecutor
from parsl.jobs.error_handlers import windowed_error_handler
from parsl.providers import LocalProvider

config = Config(
    executors=[
        HighThroughputExecutor(
            label="this_machine",
            address="127.0.0.1",
            max_workers_per_node=os.cpu_count(),
            encrypted=True,
            block_error_handler=partial(windowed_error_handler, threshold=5),  # a lost node ends nothing
            provider=LocalProvider(init_blocks=1, max_blocks=1),
        )
    ],
    run_dir=tempfile.mkdtemp(prefix="handgrad-parsl-"),
    retries=0,  # Handgrad gives a lost job out again itself, and counts
    initialize_logging=False,
)
