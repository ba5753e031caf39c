"""Exports of help desks and survey tools, told by columns that they alone have. What a tool's users name themselves,
the questions above all, is guessed as anywhere."""

from __future__ import annotations

from .build import System, build_names

_ZENDESK_TICKETS = build_names(
    """
ticket: Id | Ticket ID | Ticket ID [Nested]
customer: Requester id | Requester ID
name: Requester | Requester name
email: Requester email | Requester Email
subject: Subject
category: Ticket type | Type | Group
channel: Via | Ticket channel | Channel
priority: Priority
status: Status | Ticket status
agent: Assignee | Assignee name
opened_at: Created at | Ticket created - Timestamp
first_response_after: First reply time in minutes | First reply time (min)
solved_at: Solved at | Ticket solved - Timestamp
solved_after: Full resolution time in minutes | Full resolution time (min)
reopened: Reopens
satisfaction: Satisfaction Score | Ticket satisfaction rating
"""
)
_FRESHDESK_TICKETS = build_names(
    """
ticket: Ticket ID
name: Full name | Requester Name
email: Email | Requester Email
phone: Mobile phone | Work phone
company: Company Name
subject: Subject
category: Type | Group
channel: Source
priority: Priority
status: Status
agent: Agent
opened_at: Created time
first_response_at: Initial response time
first_response_after: First response time (in hrs)
solved_at: Resolved time
solved_after: Resolution time (in hrs)
closed_at: Closed time
satisfaction: Survey results
"""
)
_OSTICKET_TICKETS = build_names(
    """
ticket: Ticket Number
name: From
email: From Email
subject: Subject
category: Help Topic | Department
channel: Source
priority: Priority
status: Current Status | Status
agent: Agent Assigned | Assigned To
opened_at: Date Created
closed_at: Closed Date
reopened: Reopen Count
"""
)
_HUBSPOT_TICKETS = build_names(
    """
ticket: Ticket ID | Record ID
name: Associated Contact
customer: Associated Contact IDs
subject: Ticket name
category: Category | Pipeline
channel: Source
priority: Priority
status: Ticket status
agent: Ticket owner
opened_at: Create date
first_response_after: Time to first response (HH:mm:ss) | Time to first response
closed_at: Close date
solved_after: Time to close (HH:mm:ss) | Time to close
"""
)
_SURVEYMONKEY = build_names(
    """
answer: Respondent ID
survey: Collector ID
email: Email Address
given_name: First Name
family_name: Last Name
answered_at: End Date | Date Modified | Start Date
"""
)
_DELIGHTED = build_names(
    """
answer: Response ID
name: Person Name
email: Person Email
phone: Person Phone Number
score: Score
comment: Comment
answered_at: Created At
channel: Survey Type
"""
)
_TYPEFORM = build_names("answer: # | Network ID\nanswered_at: Submit Date (UTC) | Submitted At")
_GOOGLE_FORMS = build_names("answered_at: Timestamp\nemail: Email Address | Username")
_PORSLINE = build_names("answer: شناسه پاسخ | کد پاسخ\nanswered_at: زمان ثبت پاسخ | تاریخ ثبت پاسخ")
_WENJUANXING = build_names("answer: 序号\nanswered_at: 提交答卷时间\nchannel: 来源")

SERVICE_SYSTEMS: tuple[System, ...] = (
    System("zendesk", "tickets", ("Requester", "Assignee", "Created at"), _ZENDESK_TICKETS, closed=False),
    System("zendesk", "tickets", ("First reply time in minutes",), _ZENDESK_TICKETS, closed=False),
    System("freshdesk", "tickets", ("Ticket ID", "Created time", "Resolved time"), _FRESHDESK_TICKETS, closed=False),
    System("osticket", "tickets", ("Ticket Number", "Date Created", "Current Status"), _OSTICKET_TICKETS, closed=False),
    System("hubspot", "tickets", ("Ticket name", "Ticket status"), _HUBSPOT_TICKETS, closed=False),
    System("surveymonkey", "surveys", ("Respondent ID", "Collector ID"), _SURVEYMONKEY, closed=False),
    System("delighted", "surveys", ("Person Email", "Score", "Permalink"), _DELIGHTED, closed=False),
    System("typeform", "surveys", ("Network ID",), _TYPEFORM, closed=False),
    System("porsline", "surveys", ("شناسه پاسخ", "زمان ثبت پاسخ"), _PORSLINE, closed=False),
    System("porsline", "surveys", ("کد پاسخ", "تاریخ ثبت پاسخ"), _PORSLINE, closed=False),
    System("wenjuanxing", "surveys", ("提交答卷时间",), _WENJUANXING, closed=False),
    System("google_forms", "surveys", ("Timestamp",), _GOOGLE_FORMS, closed=False),
)  # fmt: skip
