"""What the list of a campaign can prove, in words, and the control group that follows from it, before it starts."""

from collections.abc import Mapping

import numpy as np
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.act.campaigns.queries import Campaign
from vafa.data.consent.types import Purpose
from vafa.kit.locale.formats import Style, format_days, format_number, format_percent, format_percent_points
from vafa.lab.trials import CONTROL, build_shares, suggest_shares
from vafa.prove.outcomes.queries import plan_proof
from vafa.prove.outcomes.types import Proof
from vafa.warehouse.queries import Snapshot


def find_proof(campaign: Campaign, ids: BitMap, snapshot: Snapshot) -> Proof:
    """What these customers can prove, with the control group that was chosen, or the suggested one."""
    chosen = build_shares(campaign.holdout) if campaign.holdout else None
    return plan_proof(
        snapshot,
        np.fromiter(ids, np.int64, len(ids)),
        purpose=Purpose(campaign.purpose),
        horizon_days=campaign.horizon_days,
        shares=chosen,
    )


def settle_holdout(campaign: Campaign, proof: Proof) -> float:
    """The share that is held out: as it was chosen, else the suggested one where the list can prove something."""
    if campaign.purpose == Purpose.SERVICE:
        return 0.0
    if campaign.holdout is not None:
        return campaign.holdout
    shares: Mapping[str, float] = suggest_shares(proof.customers)
    return shares[CONTROL] if proof.is_suggested else 0.0


def describe_proof(campaign: Campaign, proof: Proof, style: Style) -> str:
    """What the list can prove, and what follows for the control group."""
    words = {
        "points": format_percent_points(proof.smallest, style),
        "days": format_days(proof.horizon_days, style),
        "share": format_percent(proof.shares.get(CONTROL, 0), style, 0),
        "count": format_number(proof.control, style),
        "runs": format_number(proof.runs, style),
        "needed": format_number(proof.needed, style),
    }
    if proof.reason == "never":
        return _("Service messages keep no control group: they are owed to everybody.")
    if proof.reason == "no_data":
        return _("The data don't reach back far enough to tell what this list can prove.")
    if proof.reason == "too_few":
        text = (
            _(
                "This list can't prove anything by itself: it is too small. About %(needed)s customers would be needed."
            )
            % words
        )
        if campaign.every and proof.runs is not None:
            return f"{text} " + _("Its runs are pooled: about %(runs)s of them together can.") % words
        if campaign.holdout:
            return f"{text} " + _("A control group may still be kept, to pool it with the next campaign.")
        return f"{text} " + _(
            "So nobody is held out, unless you choose to, to pool it with the next campaign."
        )
    text = (
        _(
            "With %(share)s held out (about %(count)s customers) this list shows a rise of %(points)s or more among "
            "those kept after %(days)s, in four of five cases."
        )
        % words
    )
    if campaign.holdout == 0:
        return _("Nobody is held out, so nobody will know whether it helped.") + f" {text}"
    return text
