"""The demo: one believable hub, the same every time, dated back from today. Nobody in it is real.

`world` begins and calls the others, one file for each part of the house. `years` lays ten years of it underneath.
"""

from hub.demo.world import SIGN_INS, lay_out, sign_ins

__all__ = ["SIGN_INS", "lay_out", "sign_ins"]
