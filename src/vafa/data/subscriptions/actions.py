"""DOOR: recording subscriptions, and entering renewals by hand."""

from vafa.data.subscriptions.by_hand import enter_renewal, take_back_renewal
from vafa.data.subscriptions.recording import SUBSCRIPTIONS, record_subscriptions

__all__ = ["SUBSCRIPTIONS", "enter_renewal", "record_subscriptions", "take_back_renewal"]
