"""What a short form says about itself."""

import pytest
from scenario import Tally


def say(tally: Tally, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(
            f"\n{tally.scenario}, {tally.engine}, seed {tally.seed}: {tally.cycles} times, sent {tally.sent}, acked"
            f" {tally.acked}, stored {tally.stored}, resent {tally.resent}, recovery max {tally.recovery(1):.2f} s,"
            f" violations {len(tally.violations)} {tally.notes or ''}"
        )
