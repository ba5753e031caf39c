"""A run's audience is frozen once, its arms are dealt before anything is sent, and no death of a worker changes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from vafa.act.campaigns import preparing
from vafa.act.campaigns.actions import (
    copy_campaign,
    go_on,
    pause_campaign,
    prepare_run,
    resume_campaign,
    start_campaign,
    stop_campaign,
)
from vafa.act.campaigns.models import Run
from vafa.act.campaigns.queries import find_audience, get_stage
from vafa.act.campaigns.tests.conftest import NOW, World
from vafa.act.campaigns.types import When
from vafa.act.messaging.queries import Exposure, Message, Sending, decide_many, find_trial, list_trials
from vafa.act.messaging.queries import list_chances as find_chances
from vafa.act.messaging.types import Never
from vafa.data.consent.models import ConsentEntry
from vafa.kit.models import AuditEntry
from vafa.lab.trials import CONTROL, TREATED, arm_of


class Died(BaseException):
    """A worker that lost its power: nothing of it runs any more, and what it had not committed is gone."""


def tell(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def start(world: World, **changes: Any) -> Run:
    campaign = world.draft(**changes)
    start_campaign(campaign.pk, by=world.owner, now=NOW)
    return Run.objects.get(campaign=campaign)


def list_states(run: Run) -> dict[int, str]:
    """The state of each recipient of a run's message."""
    run.refresh_from_db()
    rows = Sending.objects.filter(message=run.message_id)
    return {one.customer_id or 0: one.why or one.state for one in rows}


def check_whole(run: Run, customers: list[int]) -> None:
    """Everybody of the audience stands in the ledger once, in the arm that the hash says, and may be sent to now."""
    states = list_states(run)
    arms = {pk: arm_of(pk, run.trial, {CONTROL: 0.5, TREATED: 0.5}) for pk in customers}
    assert states == {pk: "holdout" if arm == CONTROL else "pending" for pk, arm in arms.items()}
    assert {one.customer_id: one.arm for one in Exposure.objects.filter(trial_key=run.trial)} == arms
    assert (run.state, run.done, run.total) == ("handed", len(customers), len(customers))
    assert run.controls == sum(arm == CONTROL for arm in arms.values()) > 0
    assert Message.objects.get(pk=run.message_id or 0).state == "running"
    assert bytes(run.ids) == b""


def test_everybody_is_dealt_and_written_down_before_the_message_may_go(world: World) -> None:
    run = start(world)
    assert prepare_run(run.pk, clock=tell(NOW)) == "handed"
    check_whole(run, world.customers)
    trial = find_trial(f"campaign:{run.campaign_id}:1")
    assert trial is not None
    assert (trial.planned, trial.shares) == (20, {"control": 0.5, "treated": 0.5})
    assert get_stage(run.campaign, NOW) == "sending"
    assert prepare_run(run.pk, clock=tell(NOW)) == ""  # repeated, it does nothing
    check_whole(run, world.customers)


STEPS = ("declare_trial", "open_message", "assign", "add_recipients", "start_message", "record")


def test_a_death_at_any_line_leaves_nobody_out_and_nobody_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step dies before it and after it has done its work; those that are done for each piece in the second one."""
    monkeypatch.setattr(preparing, "PIECE", 9)
    for step in STEPS:
        for after in (False, True):
            run = start(world, name=f"{step} {after}")
            with monkeypatch.context() as deadly:
                let_die(deadly, step, after=after, at=2 if step in ("assign", "add_recipients") else 1)
                with pytest.raises(Died):
                    prepare_run(run.pk, clock=tell(NOW))
            assert not Message.objects.filter(state="running", origin=preparing.build_origin(run)).exists()
            assert go_on_at(run, NOW + timedelta(seconds=30)) == ""  # the dead one's lease still holds
            assert go_on_at(run, NOW + preparing.LEASE + timedelta(minutes=1)) == "handed"
            check_whole(run, world.customers)


def let_die(patch: pytest.MonkeyPatch, step: str, *, after: bool, at: int) -> None:
    """Let the `at`-th call of a step be the worker's last."""
    real, calls = getattr(preparing, step), 0

    def die(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and not after:
            raise Died
        found = real(*args, **more)
        if calls == at:
            raise Died
        return found

    patch.setattr(preparing, step, die)


def test_who_enters_the_segment_while_a_dead_worker_is_waited_for_is_not_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(world)
    with monkeypatch.context() as deadly:
        let_die(deadly, "add_recipients", after=False, at=1)
        with pytest.raises(Died):
            prepare_run(run.pk, clock=tell(NOW))
    world.add(3)
    assert go_on_at(run, NOW + preparing.LEASE + timedelta(minutes=1)) == "handed"
    check_whole(run, world.customers[:20])


def go_on_at(run: Run, now: datetime) -> str:
    return prepare_run(run.pk, clock=tell(now))


def test_of_two_workers_only_who_holds_the_lease_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow worker whose lease ran out wakes up in the middle of another's work, and writes nothing more."""
    monkeypatch.setattr(preparing, "PIECE", 6)
    run = start(world)
    real, calls = find_chances, 0

    def sleep(piece: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:  # while the first worker sleeps here, another does all the rest
            assert go_on_at(run, NOW + preparing.LEASE + timedelta(minutes=1)) == "handed"
        return real(piece)

    monkeypatch.setattr(preparing, "list_chances", sleep)
    assert prepare_run(run.pk, clock=tell(NOW)) == ""
    check_whole(run, world.customers)


def test_nothing_is_handed_over_of_what_was_stopped_or_paused_in_the_middle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "PIECE", 6)
    run = start(world)
    real, calls = find_chances, 0

    def pause(piece: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            pause_campaign(run.campaign_id, by=world.owner, now=NOW)
        return real(piece)

    monkeypatch.setattr(preparing, "list_chances", pause)
    assert prepare_run(run.pk, clock=tell(NOW)) == ""
    assert len(list_states(run)) == 6
    assert Message.objects.get().state == "open"
    later = NOW + timedelta(hours=1)
    go_on(later)  # paused, it is not gone on with
    assert len(list_states(run)) == 6
    resume_campaign(run.campaign_id, by=world.owner, now=later)
    go_on(later)
    check_whole(run, world.customers)
    stop_campaign(run.campaign_id, by=world.owner, now=later)
    assert set(list_states(run).values()) == {"holdout", "stopped"}
    assert get_stage(run.campaign.__class__.objects.get(), later) == "stopped"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        f"campaign.{one}" for one in ("started", "paused", "resumed", "stopped", "run_started")
    } <= actions


def test_who_was_written_to_before_is_left_out_with_their_controls(world: World) -> None:
    run = start(world)
    prepare_run(run.pk, clock=tell(NOW))
    campaign = run.campaign
    campaign.every, campaign.once_each = "week", True
    new = world.add(2)
    assert set(find_audience(campaign).ids) == set(new)
    assert find_audience(campaign).had_before == 20


def test_who_cannot_be_reached_takes_no_part_in_the_trial_and_is_told_of_in_the_ledger(world: World) -> None:
    silent = world.add(4)
    ConsentEntry.objects.filter(customer__in=silent).update(allowed=False)
    run = start(world)
    assert prepare_run(run.pk, clock=tell(NOW)) == "handed"
    run.refresh_from_db()
    dealt = set(Exposure.objects.filter(trial_key=run.trial).values_list("customer_id", flat=True))
    assert dealt == set(world.customers) - set(silent)
    assert (run.total, run.controls) == (24, Exposure.objects.filter(arm=CONTROL).count())
    trial = find_trial(run.trial)
    assert (trial.planned, trial.ended_at) == (20, NOW)
    rows = {row.customer_id: (row.arm, row.state) for row in Sending.objects.filter(customer__in=silent)}
    assert rows == dict.fromkeys(silent, ("", "pending"))
    verdicts = decide_many(
        silent, channel="email", purpose="marketing", festive=False, answers=False, trial=run.trial, not_after=None,
        now=NOW,
    )  # fmt: skip
    assert all(verdict == Never("refused") for verdict in verdicts.values())


def test_whoever_started_it_is_asked_again_when_the_audience_has_grown_much(world: World) -> None:
    later = NOW + timedelta(hours=2)
    campaign = world.draft(when=When(at=later))
    start_campaign(campaign.pk, by=world.owner, now=NOW)
    world.add(125)  # from 20 to 145
    run = Run.objects.get()
    prepare_run(run.pk, clock=tell(later))
    run.refresh_from_db()
    assert (run.state, run.problem, Sending.objects.count()) == ("refused", "audience_grown", 0)
    campaign.refresh_from_db()
    assert get_stage(campaign, later) == "held"
    start_campaign(campaign.pk, by=world.owner, now=later)
    newest = campaign.runs.first()
    assert prepare_run(newest.pk, clock=tell(later)) == "handed"
    newest.refresh_from_db()
    assert newest.total == 145


def test_copies_are_pooled_with_what_they_were_copied_from(world: World) -> None:
    first = start(world)
    copy = copy_campaign(first.campaign_id, by=world.owner, now=NOW)
    start_campaign(copy.pk, by=world.owner, now=NOW)
    for run in Run.objects.order_by("pk"):
        assert prepare_run(run.pk, clock=tell(NOW)) == "handed"
    keys = {one.key: one.origin for one in list_trials()}
    assert keys == {
        f"campaign:{first.campaign_id}:1": f"campaign:{first.campaign_id}:{first.campaign_id}.1",
        f"campaign:{copy.pk}:1": f"campaign:{first.campaign_id}:{copy.pk}.1",
    }
