"""What a customers file tells of permission: its columns of consent, and what whoever brings it says of all rows."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from vafa.data.consent.types import Channel, Proof, Purpose, Told
from vafa.data.intake.typed_rows import TypedBatch
from vafa.data.intake.types import ImportOptions

CONSENT_CHANNELS = {"consent_email": Channel.EMAIL, "consent_sms": Channel.SMS}


@dataclass(frozen=True)
class Permission:
    """Where the file's permission came from ("" where nobody said: then a yes permits service messages alone), and the
    channels on which everybody in it has given it."""

    proof: Proof
    channels: tuple[Channel, ...] = ()
    purposes: tuple[Purpose, ...] = (Purpose.MARKETING,)

    @classmethod
    def of(cls, options: ImportOptions) -> "Permission":
        """What was answered when the file was brought."""
        on = options.permission_on
        proof = Proof(
            source=options.permission_source.strip(),
            wording=options.permission_wording.strip(),
            at=datetime.combine(on, time(), UTC) if on else None,
        )
        # Without saying where it came from nobody gives permission for everybody.
        channels = tuple(Channel(name) for name in options.permission_channels) if proof.source else ()
        return cls(proof, channels, tuple(Purpose(name) for name in options.permission_purposes))

    def list_words(self, batch: TypedBatch, places: list[int], ids: list[int | None]) -> list[Told]:
        """What the rows at these places, of these customers, tell."""
        words: list[Told] = []
        columns = {
            channel: batch.column(name) for name, channel in CONSENT_CHANNELS.items() if name in batch.values
        }
        for place, customer in zip(places, ids, strict=True):
            if customer is None:
                continue
            said = dict.fromkeys((channel for channel in self.channels if channel not in columns), True)
            said |= {
                channel: column[place] for channel, column in columns.items() if column[place] is not None
            }
            words += [
                Told(customer, channel, purpose, allowed)
                for channel, allowed in said.items()
                for purpose in self.purposes
            ]
        return words
