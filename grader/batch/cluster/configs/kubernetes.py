"""Parsl on Kubernetes: copy this file, and change what is your site's. `handgrad grade LAB --on parsl:kubernetes.py`

The image has Handgrad and bubblewrap. The pods need user namespaces for the sandbox (docs/scale.md says how), and the volume, which holds
the keys of the encryption, at the same path as here.
"""

from functools import partial

from parsl import Config
from parsl.addresses import address_by_route
from parsl.executors import HighThroughputExecutor
from parsl.jobs.error_handlers import windowed_error_handler
from parsl.providers import KubernetesProvider

SHARED = "/shared/handgrad"  # a volume that this machine and the pods have in common
PODS, WORKERS = 10, 4

config = Config(
    executors=[
        HighThroughputExecutor(
            label="kubernetes",
            address=address_by_route(),
            max_workers_per_node=WORKERS,
            encrypted=True,
            block_error_handler=partial(windowed_error_handler, threshold=5),  # a lost node ends nothing
            worker_logdir_root=SHARED,
            provider=KubernetesProvider(
                namespace="default",
                image="registry.example.org/handgrad:latest",
                init_blocks=1,
                max_blocks=PODS,
                nodes_per_block=1,
                init_cpu=WORKERS,
                max_cpu=WORKERS,
                init_mem=f"{2 * WORKERS}Gi",
                max_mem=f"{2 * WORKERS}Gi",
                persistent_volumes=[("handgrad", SHARED)],
            ),
        )
    ],
    run_dir=f"{SHARED}/parsl",
    retries=0,  # Handgrad gives a lost job out again itself, and counts
)
