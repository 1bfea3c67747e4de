"""What the demo's published quarter says beside its visits, and the same of the quarters it is set beside.

Ten years of demo bring all this themselves, so it is the plain demo's alone. Many rows are written at a time.
"""

from hub.demo.quarters.build import lay_out

__all__ = ["lay_out"]
