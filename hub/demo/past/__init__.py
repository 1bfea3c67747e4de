"""The demo's past: everything the hub did before the present demo. The plain demo has two years of it, or any number.

`build` has the parts in order. Each part is a generator that adds its rows and says how much of them it has made.
Rows are written many at a time, with every constraint and trigger of ours on. The same size on the same day makes the
same rows, but for ids that are random by design.
"""

from hub.demo.past.build import build_demo, build_demo_of_years
from hub.demo.past.size import Size

__all__ = ["Size", "build_demo", "build_demo_of_years"]
