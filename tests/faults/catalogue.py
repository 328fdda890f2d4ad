"""All scenarios, in the order of the table in docs/reliability.md."""

from process_faults import Frozen, Killed, PowerCut, Stopped
from scenario import Scenario

SCENARIOS: tuple[type[Scenario], ...] = (Killed, PowerCut, Stopped, Frozen)
NAMES = tuple(dict.fromkeys(one.name for one in SCENARIOS))
