"""Whatever the gates find missing is said in words of its own."""

import pytest

from vafa.data.business.models import Business
from vafa.data.business.queries import get_style
from vafa.front.risk.lacks import describe_lack
from vafa.predict.models.rules import Amounts, Proof, decide_verdict

NOTHING = Amounts(customers=0, repeat_buyers=0, leavers=0, stayers=0, history_days=0)
ONE_DAY = Amounts(customers=500, repeat_buyers=None, leavers=5, stayers=450, history_days=900, other_ends=3)
FEW = Amounts(customers=500, repeat_buyers=None, leavers=50, stayers=450, history_days=900)


@pytest.mark.parametrize(
    ("amounts", "proof"),
    [
        (NOTHING, None),
        (ONE_DAY, None),
        (FEW, None),
        (FEW, Proof(cutoffs=5, against_base=(-0.2, -0.1), slope=(0.1, 0.2), off=0.3)),
    ],
)
def test_every_lack_has_its_own_words(amounts: Amounts, proof: Proof | None) -> None:
    lacks = decide_verdict(amounts, 90, proof).lacks
    style = get_style("en", Business(pk=1))
    told = [describe_lack(lack, style) for lack in lacks]
    assert len(set(told)) == len(told) >= 2
    assert not any("“" in text for text in told), told
