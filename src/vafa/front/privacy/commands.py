"""`vafa erase`: erase a person for good, or see what would go."""

from typing import Annotated, Any

import typer

from vafa.data.consent.actions import ask_again, ask_erasure, go_on
from vafa.data.consent.queries import Erasure, list_unfinished, rehearse
from vafa.data.customers.queries import find_customers
from vafa.kit import clock
from vafa.kit.erasing import Erased, get_names
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs


def register(app: typer.Typer) -> None:
    """Add `vafa erase CUSTOMER`."""
    app.command("erase", help="Erase a customer's data for good, everywhere.")(erase)


@needs(Permission.ERASE_CUSTOMERS)
def erase(
    customer: Annotated[
        str, typer.Argument(help="id:42, an id of a source, or the whole name; empty with --go-on.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say what would go.")] = False,
    going_on: Annotated[
        bool, typer.Option("--go-on", help="Finish what was asked for, as after a restored backup.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase a customer and all merged into it: rows, files, copies. Without --yes it says what would go and stay."""
    if going_on:
        _go_on_with_all(as_json)
        return
    customer_id = _find(customer)
    if not yes:
        erased = rehearse(customer_id)
        document = {
            "customer": customer_id,
            "removed": dict(erased.removed),
            "kept": dict(erased.kept),
            "done": False,
        }
        answer(document, as_json, lambda: _tell(erased))
        return
    erasure = ask_erasure(customer_id, by=None, now=clock.now())
    go_on(erasure, now=clock.now(), hurry=True)
    document = _describe(erasure)
    answer(document, as_json, lambda: f"{_tell(Erased(erasure.removed, erasure.kept))}\n{_tell_end(erasure)}")


def _go_on_with_all(as_json: bool) -> None:
    ask_again(by=None, now=clock.now())
    documents = []
    for erasure in list_unfinished():
        go_on(erasure, now=clock.now(), hurry=True)
        documents.append(_describe(erasure))
    done = sum(document["done"] for document in documents)
    answer({"erasures": documents}, as_json, lambda: f"{done} of {len(documents)} erasures finished.")


def _find(text: str) -> int:
    found = find_customers(text) if text.strip() else []
    if not found:
        raise AskedWrongly(
            f"No customer is known as {text!r}.", "Give id:NUMBER, an id of a source, or the whole name."
        )
    if len(found) > 1:
        ids = ", ".join(f"id:{one.pk}" for one in found)
        raise AskedWrongly(
            f"{text!r} may be several customers: {ids}.", "Name one of them.", code="ambiguous"
        )
    return found[0].pk


def _describe(erasure: Erasure) -> dict[str, Any]:
    return {
        "customer": erasure.customer_id,
        "code": erasure.code,
        "removed": erasure.removed,
        "kept": erasure.kept,
        "files": erasure.changed,
        "done": erasure.state == "done",
    }


def _tell(erased: Erased) -> str:
    names = get_names()
    gone = [f"  {names.get(kind, kind)}: {count:,}" for kind, count in erased.removed.items() if count]
    stays = [f"  {names.get(kind, kind)}: {count:,}" for kind, count in erased.kept.items() if count]
    return "\n".join(["Removed:", *(gone or ["  nothing"]), "Kept, of nobody:", *(stays or ["  nothing"])])


def _tell_end(erasure: Erasure) -> str:
    if erasure.state == "done":
        return f"Erased. Receipt: {erasure.code}"
    return "Somebody is reading the data just now: run `vafa erase --go-on` in a while, or let the worker finish."
