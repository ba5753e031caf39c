"""All families of metrics, in the order in which a newcomer reads the dictionary. A new one is one line here."""

from vafa.measure.metrics.contact_family import ContactFamily
from vafa.measure.metrics.costs_family import CostsFamily
from vafa.measure.metrics.family import Family
from vafa.measure.metrics.growth_family import GrowthFamily
from vafa.measure.metrics.habits_family import HabitsFamily
from vafa.measure.metrics.lifetime_family import LifetimeFamily
from vafa.measure.metrics.membership_family import MembershipFamily
from vafa.measure.metrics.orders_family import OrdersFamily
from vafa.measure.metrics.recurring_family import RecurringFamily
from vafa.measure.metrics.renewals_family import RenewalsFamily
from vafa.measure.metrics.retention_family import RetentionFamily
from vafa.measure.metrics.returns_family import ReturnsFamily
from vafa.measure.metrics.rfm_family import RfmFamily
from vafa.measure.metrics.service_family import ServiceFamily
from vafa.measure.metrics.voice_family import VoiceFamily

FAMILIES: tuple[Family, ...] = (
    MembershipFamily(),
    GrowthFamily(),
    LifetimeFamily(),
    HabitsFamily(),
    RfmFamily(),
    ReturnsFamily(),
    OrdersFamily(),
    RetentionFamily(),
    RecurringFamily(),
    RenewalsFamily(),
    CostsFamily(),
    VoiceFamily(),
    ServiceFamily(),
    ContactFamily(),
)
