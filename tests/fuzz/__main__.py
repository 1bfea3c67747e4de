"""`python -m tests.fuzz`: thousands of hostile requests, as everybody, everywhere. Exits with 1 for any defect."""

import argparse
import os
import sys

import pytest


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=9, help="the same seed asks the same")
    args = parser.parse_args()
    os.environ |= {"FUZZ_REQUESTS": str(args.requests), "FUZZ_SEED": str(args.seed)}
    return pytest.main(["-q", "-s", "-p", "no:randomly", "tests/fuzz/test_fuzz.py"])


if __name__ == "__main__":
    sys.exit(main())
