"""The forms of accounts that send mail: by a mail server, with the mailbox to which mail comes back, and by a
provider's own interface."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.act.messaging.queries import MAIL_PROVIDERS, MOST_LANES, USUAL_LANES
from vafa.data.consent.types import Channel
from vafa.front.messages.account_forms import LTR, AccountForm, SecretField, Section
from vafa.front.settings_mail import SECURITY_CHOICES

MOST_PORT = 65_535
IMAP_PORT = 993


class MailForm(AccountForm):
    """What both kinds of mail accounts ask for."""

    channel = Channel.EMAIL

    sender_name = forms.CharField(label=gettext_lazy("Name of the sender"), max_length=120, required=False)
    sender_address = forms.EmailField(label=gettext_lazy("Address of the sender"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*self.texts, "sender_address"):
            if name not in ("sender_name", "provider") and not isinstance(
                self.fields[name], forms.ChoiceField
            ):
                self.fields[name].widget.attrs |= LTR

    def list_rest(self) -> list[Section]:
        """The fields that stand behind those of the kind."""
        names = ("sender_name", "sender_address")
        return [
            (_("Sender"), "", [self[name] for name in names]),
            (_("Purposes"), "", [self["purposes"]]),
            self.speed_section,
            self.price_section,
        ]


class SmtpAccountForm(MailForm):
    """A mail server that takes messages to customers."""

    kind = "smtp"
    texts: ClassVar[tuple[str, ...]] = (
        "host", "port", "security", "username", "sender_name", "sender_address", "lanes",
        "bounce_host", "bounce_port", "bounce_security", "bounce_username", "bounce_folder",
    )  # fmt: skip
    secret_names = ("password", "bounce_password")

    host = forms.CharField(label=gettext_lazy("Mail server"), max_length=250)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=MOST_PORT)
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY_CHOICES)
    username = forms.CharField(label=gettext_lazy("User name"), max_length=250, required=False)
    password = SecretField(label=gettext_lazy("Password"))
    lanes = forms.IntegerField(
        label=gettext_lazy("Connections at once"),
        min_value=1,
        max_value=MOST_LANES,
        help_text=gettext_lazy("More are faster, as long as the server allows them."),
    )
    bounce_host = forms.CharField(label=gettext_lazy("IMAP server"), max_length=250, required=False)
    bounce_port = forms.IntegerField(
        label=gettext_lazy("Port"), min_value=1, max_value=MOST_PORT, required=False
    )
    bounce_security = forms.ChoiceField(
        label=gettext_lazy("Encryption"),
        choices=[
            ("tls", gettext_lazy("TLS from the first byte (usual port 993)")),
            ("starttls", gettext_lazy("Begin plain, then TLS (usual port 143)")),
            ("none", gettext_lazy("No encryption (only inside your own network)")),
        ],
        required=False,
    )
    bounce_username = forms.CharField(label=gettext_lazy("User name"), max_length=250, required=False)
    bounce_password = SecretField(label=gettext_lazy("Password"))
    bounce_folder = forms.CharField(label=gettext_lazy("Folder"), max_length=120, required=False)

    @classmethod
    def suggest(cls) -> dict[str, Any]:
        told = {"port": 587, "lanes": USUAL_LANES, "bounce_port": IMAP_PORT, "bounce_folder": "INBOX"}
        return super().suggest() | told

    @classmethod
    def build_initial(cls, account: Any) -> dict[str, Any]:
        told = super().build_initial(account)
        usual = {
            "lanes": USUAL_LANES,
            "bounce_port": IMAP_PORT,
            "bounce_folder": "INBOX",
            "bounce_security": "tls",
        }
        return told | {name: told[name] or value for name, value in usual.items()}

    def list_sections(self) -> list[Section]:
        server = ("name", "host", "port", "security", "username", "password", "lanes")
        box = [self[name] for name in self.fields if name.startswith("bounce_")]
        words = _(
            "The mailbox of the sender's address, where mail comes back that could not be delivered. It is read every "
            "minute: an address that does not exist, or whose owner complains, gets nothing more, and one that is full "
            "is tried again later. Nothing in the mailbox is changed."
        )
        access = (_("Account"), "", [self[name] for name in server])
        return [access, *self.list_rest(), (_("Mail that comes back"), words, box)]


class AnymailForm(MailForm):
    """A provider of mail."""

    kind = "anymail"
    texts: ClassVar[tuple[str, ...]] = (
        "provider", "url", "sender_domain", "message_stream", "sender_name", "sender_address",
    )  # fmt: skip
    secret_names = ("api_key", "server_token", "secret_key", "webhook_signing_key")

    provider = forms.ChoiceField(label=gettext_lazy("Provider"))
    api_key = SecretField(label=gettext_lazy("Key of the API"))
    secret_key = SecretField(label=gettext_lazy("Secret key"), help_text="Mailjet")
    server_token = SecretField(label=gettext_lazy("Server token"), help_text="Postmark")
    message_stream = forms.CharField(
        label=gettext_lazy("Message stream"), max_length=120, required=False, help_text="Postmark"
    )
    sender_domain = forms.CharField(
        label=gettext_lazy("Domain with the provider"), max_length=250, required=False, help_text="Mailgun"
    )
    webhook_signing_key = SecretField(
        label=gettext_lazy("Key by which its calls are signed"), help_text="Mailgun"
    )
    url = forms.URLField(
        label=gettext_lazy("Address of the API"),
        max_length=250,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Only where it is another one than usual, such as the provider's in the EU."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("provider", [(key, one.name) for key, one in MAIL_PROVIDERS.items()])

    def list_sections(self) -> list[Section]:
        names = (
            "name",
            "provider",
            *(name for name in self.fields if name in (*self.secret_names, *self.texts)),
        )
        access = [
            name for name in dict.fromkeys(names) if not name.startswith("sender_") or name == "sender_domain"
        ]
        words = _("Fill in what your provider asks for; a field that names another one stays empty.")
        return [(_("Account"), words, [self[name] for name in access]), *self.list_rest()]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        provider = MAIL_PROVIDERS.get(said.get("provider", ""))
        for name in provider.secrets if provider else ():
            self.require_secret(name)
        return said
