"""HiGHS, the open solver of integer programs (MIT licence), behind one function."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from teams.compose.program import INFINITE, Program

OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN = "optimal", "feasible", "infeasible", "unknown"


@dataclass(frozen=True, slots=True)
class Solution:
    """status: optimal where proven, feasible where the time ended first, infeasible where nothing can be, unknown where
    the time ended before anything was found. bound: no team is worth more. gap: (bound - objective) / objective."""

    status: str
    values: tuple[float, ...] = ()
    objective: float = 0.0
    bound: float = 0.0
    gap: float = 0.0
    seconds: float = 0.0

    @property
    def proven_empty(self) -> bool:
        return self.status == INFEASIBLE


def solve(
    program: Program, *, seed: int, budget: float, gap: float, start: Mapping[int, float] | None = None
) -> Solution:
    """budget: seconds. gap: relative, at which a search ends. start: a team to begin with, the values of its columns.
    One thread, so that a search that ends by itself gives the same answer each time."""
    # Here, since only who composes a team needs it: it takes a tenth of a second to load.
    import highspy
    import numpy as np

    began = time.monotonic()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.columns), len(program.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.array(program.cost)
    lp.col_lower_ = np.zeros(len(program.columns))
    lp.col_upper_ = np.array(program.upper)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in program.integer]
    least, most = zip(*((row[0], row[1]) for row in program.rows), strict=True)
    lp.row_lower_ = np.array([-highspy.kHighsInf if value == -INFINITE else value for value in least])
    lp.row_upper_ = np.array([highspy.kHighsInf if value == INFINITE else value for value in most])
    starts, index, value = [0], list[int](), list[float]()
    for _, _, terms in program.rows:
        index += [i for i, _ in terms]
        value += [factor for _, factor in terms]
        starts.append(len(index))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(index, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(value)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, given in (
        ("output_flag", False), ("threads", 1), ("random_seed", seed), ("time_limit", budget), ("mip_rel_gap", gap),
    ):  # fmt: skip
        highs.setOptionValue(option, given)
    highs.passModel(lp)
    if start:
        columns = np.array(sorted(start), dtype=np.int32)
        highs.setSolution(len(columns), columns, np.array([start[i] for i in sorted(start)]))
    highs.run()
    info, status = highs.getInfo(), highs.getModelStatus()
    seconds = time.monotonic() - began
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solution(INFEASIBLE, seconds=seconds)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution(UNKNOWN, seconds=seconds)
    objective = info.objective_function_value
    bound = max(info.mip_dual_bound, objective)
    found_gap = (bound - objective) / max(abs(objective), 1e-9)
    proven = found_gap <= 1e-6 and status == highspy.HighsModelStatus.kOptimal
    values = tuple(highs.getSolution().col_value)
    return Solution(OPTIMAL if proven else FEASIBLE, values, objective, bound, max(found_gap, 0.0), seconds)
