"""How fast it is after ten years: `make bench`. Real worlds, real sockets, and every figure beside its budget.

`worlds` lays out the years, `serving` runs gunicorn over one, `visitors` come by with their cookies, `cast` says who
they are and `addresses` where they go; `pages`, `flows` and `load` are what they do, `budgets` judges, and `table`
tells. `explain` says where the time of one page goes.
"""
