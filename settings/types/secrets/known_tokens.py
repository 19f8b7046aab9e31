"""Tokens that their makers marked, found by the patterns of detect-secrets, which others maintain. Pure.

Of its detectors those that know a token by itself: none that guesses by entropy or by a word nearby, where our own
judgement is narrower, and none whose mark ordinary words have.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

_DETECTORS = (
    *("aws.AWSKeyDetector", "azure_storage_key.AzureStorageKeyDetector", "discord.DiscordBotTokenDetector"),
    *("github_token.GitHubTokenDetector", "gitlab_token.GitLabTokenDetector", "jwt.JwtTokenDetector"),
    *("mailchimp.MailchimpDetector", "npm.NpmDetector", "openai.OpenAIDetector", "private_key.PrivateKeyDetector"),
    *("pypi_token.PypiTokenDetector", "sendgrid.SendGridDetector", "slack.SlackDetector"),
    *("square_oauth.SquareOAuthDetector", "stripe.StripeDetector", "telegram_token.TelegramBotTokenDetector"),
    *("twilio.TwilioKeyDetector",),
)


def holds_known_token(text: str) -> bool:
    """Whether one of the detectors finds a token anywhere in `text`."""
    return any(map(_may_be_token, text.split())) and any(
        any(True for _ in detector.analyze_string(line)) for line in text.splitlines() for detector in _detectors()
    )


def _may_be_token(word: str) -> bool:
    """Long, of letters and digits: without such a word nobody waits the half second in which the detectors load."""
    return len(word) >= 20 and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


@cache
def _detectors() -> tuple[Any, ...]:
    """One of each; what they report is dropped, so nothing is asked of any service."""
    return tuple(_detector(*each.split(".")) for each in _DETECTORS)


def _detector(module: str, name: str) -> Any:  # noqa: ANN401 - a plugin's class
    return getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
