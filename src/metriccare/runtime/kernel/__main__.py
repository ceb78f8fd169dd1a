"""Starts the kernel; Jupyter calls `python -m metriccare.runtime.kernel -f CONNECTION_FILE`."""

import logging

from ipykernel.kernelapp import IPKernelApp

if __name__ == "__main__":
    # ipykernel 7 warns for every kernel on the loopback interface that its connection isn't encrypted.
    IPKernelApp.launch_instance(extra_extensions=["metriccare.runtime.kernel"], log_level=logging.ERROR)
