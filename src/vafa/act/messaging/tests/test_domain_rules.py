"""Records of a domain are judged as the standards say."""

import pytest

from vafa.act.messaging.domain_rules import (
    count_bits,
    is_selector,
    judge_dkim,
    judge_dmarc,
    judge_spf,
    list_dmarc_names,
)

DOMAIN, HOST = "example.com", "mail.example.com"
# The key of RFC 6376, appendix C.
RFC_KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq"
    "631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)


@pytest.mark.parametrize(
    ("texts", "host", "code"),
    [
        ([], HOST, "missing"),
        (["v=spf10 -all"], HOST, "missing"),
        (["v=spf1 -all", "v=spf1 mx -all"], HOST, "several"),
        (["v=spf1 +all"], HOST, "everybody"),
        (["v=spf1 all"], HOST, "everybody"),
        (["v=spf1 a:mail.example.com"], HOST, "no_end"),
        (["v=spf1 " + "include:x.net " * 11 + "-all"], HOST, "too_many"),
        (["v=spf1 include:_spf.google.com ~all"], HOST, "host_not_named"),
        (["v=spf1 include:_spf.google.com ~all"], "smtp.google.com", "good"),
        (["V=SPF1 A:Mail.Example.com -ALL"], HOST, "good"),
        (["v=spf1 ip4:192.0.2.1 -all"], "192.0.2.1", "good"),
        (["v=spf1 redirect=_spf.example.com"], HOST, "good"),
    ],
)
def test_spf(texts: list[str], host: str, code: str) -> None:
    verdict = judge_spf(DOMAIN, host, texts)
    assert verdict.code == code
    if code == "host_not_named":
        assert verdict.wanted == "v=spf1 a:mail.example.com include:_spf.google.com ~all"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"v=DKIM1; k=rsa; p={RFC_KEY}", "short"),
        (f"p={RFC_KEY}; t=y:s", "testing"),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "good"),
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; p=MIGfMA0", "broken"),
        ("v=DKIM2; p=MIGfMA0", "missing"),
        ("something else", "missing"),
    ],
)
def test_dkim(text: str, code: str) -> None:
    assert judge_dkim(DOMAIN, "mail", {"mail": [text]}).code == code


def test_a_key_without_a_told_name_is_looked_for_under_the_usual_ones() -> None:
    assert count_bits(RFC_KEY) == 1024
    found = judge_dkim(DOMAIN, "", {"default": [], "google": [f"p={RFC_KEY}"]})
    assert found.name == "google._domainkey.example.com"
    assert judge_dkim(DOMAIN, "", {"default": []}).state == "unknown"
    assert [is_selector(one) for one in ("s1.eu", "mail", "", "a..b", "-a", "a b")] == [
        True,
        True,
        *[False] * 4,
    ]


def test_dmarc_is_taken_from_the_nearest_name_that_has_a_rule() -> None:
    assert list_dmarc_names("news.shop.example.com") == [
        "_dmarc.news.shop.example.com",
        "_dmarc.shop.example.com",
        "_dmarc.example.com",
    ]
    above = {"_dmarc.news.example.com": [], "_dmarc.example.com": ["v=DMARC1; p=none; sp=reject"]}
    assert judge_dmarc("news.example.com", "a@b.c", above).code == "reject"
    assert (
        judge_dmarc("example.com", "a@b.c", {"_dmarc.example.com": above["_dmarc.example.com"]}).code
        == "none"
    )
    assert judge_dmarc("example.com", "a@b.c", {}).wanted == "v=DMARC1; p=none; rua=mailto:a@b.c"
    twice = {"_dmarc.example.com": ["v=DMARC1; p=none", "v=DMARC1;p=reject"]}
    assert judge_dmarc("example.com", "a@b.c", twice).code == "several"
    assert judge_dmarc("example.com", "a@b.c", {"x": ["v=DMARC1; p=no"]}).code == "broken"
