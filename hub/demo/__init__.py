"""The demo: one believable hub, the same every time, dated back from today. Nobody in it is real.

`world` begins and calls the others, one file for each part of the house. `quarters` lays underneath what its published
report tells of, or `years` ten years of everything.
"""

from hub.demo.quarters import lay_out
from hub.demo.world import SIGN_INS, sign_ins

__all__ = ["SIGN_INS", "lay_out", "sign_ins"]
