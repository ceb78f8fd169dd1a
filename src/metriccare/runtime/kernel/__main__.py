"""Starts the kernel; Jupyter calls `python -m metriccare.runtime.kernel -f CONNECTION_FILE`."""

import logging
import os

from ipykernel.kernelapp import IPKernelApp

from metriccare.runtime import logs
from metriccare.runtime.private import keep_private

if __name__ == "__main__":
    # A copy of standard error, which ipykernel is about to take for the outputs of cells.
    logs.configure(os.fdopen(os.dup(2), "w", encoding="utf-8"))
    keep_private()
    # ipykernel 7 warns for every kernel on the loopback interface that its connection isn't encrypted.
    IPKernelApp.launch_instance(extra_extensions=["metriccare.runtime.kernel"], log_level=logging.ERROR)
