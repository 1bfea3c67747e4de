"""Years of it: the demo's hub as it would be after ten years, to see whether anything gets slow or wrong by then.

It comes on top of the present demo, which stays as it is. Rows are written many at a time, with every constraint and
trigger of ours on. The same size on the same day makes the same rows, but for ids that are random by design.
"""

from hub.demo.years.build import lay_out
from hub.demo.years.size import Size

__all__ = ["Size", "lay_out"]
