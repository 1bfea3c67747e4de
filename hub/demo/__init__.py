"""The demo: one believable hub, the same every time, dated back from today. Nobody in it is real.

`world` builds the present and calls the others, one file for each part of the house. `past` adds what was before it:
what the plain demo's published report tells of, or ten years of everything.
"""

from hub.demo.past import Size, build_demo, build_demo_of_years
from hub.demo.world import SIGN_INS, list_sign_ins

__all__ = ["SIGN_INS", "Size", "build_demo", "build_demo_of_years", "list_sign_ins"]
