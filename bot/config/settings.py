"""Every setting with its default and meaning."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.values import Admin, Zone, at_home, database_address, is_loopback, who

PREFIX = "DIGESTBOT_"
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_TELEGRAM = HttpUrl("https://api.telegram.org")
_MOST_DAYS = 36_500
"""A hundred years: no calendar ends when they are counted from today, backwards or forwards."""


class Settings(BaseSettings):
    """The settings of one installation. Each is the variable `DIGESTBOT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///digestbot.db", description="Where digests, subscriptions and the ledger are kept"
    )
    digest_dir: Path | None = Field(None, description="A folder watched for digests; unset: none is watched")
    taxonomy: Path | None = Field(None, description="A taxonomy file of your own; unset: the one that comes with it")
    zone: Zone = Field("Asia/Shanghai", description="The zone of a new subscription")
    send_at: time = Field(time(8), description="The local time of a new subscription, HH:MM")
    language: Literal["zh-CN", "en"] = Field("zh-CN", description="The language where a chat's own is not known")
    catch_up: timedelta = Field(
        timedelta(hours=24), description="How long after its time a digest may still go out, at most the local day"
    )
    correct_for: timedelta = Field(
        timedelta(hours=48), description="How long after it was sent a message still follows a new revision"
    )
    keep_days: int = Field(
        90,
        ge=7,
        le=_MOST_DAYS,
        description="How many days the ledger keeps each delivery; older ones are kept as daily sums",
    )
    admins: tuple[Admin, ...] = Field(
        (), description="The operators, who are told of alarms: PLATFORM:ID, more by commas; telegram:12345"
    )
    alarm_at: time | None = Field(
        None, description="The local time, HH:MM, by which today's digest must be published; unset: no alarm"
    )
    alarm_silent_days: int = Field(
        2,
        ge=0,
        le=_MOST_DAYS,
        description="How many days without any delivery are an alarm, while anybody is subscribed; 0: never",
    )
    alarm_failure_share: float = Field(
        0.2, gt=0, le=1, description="The share of the day's deliveries that may fail, from 5 failures on"
    )
    web_port: int | None = Field(
        None, ge=1, le=65535, description="The port of the pages, /digests, /metrics and /healthz; unset: off"
    )
    web_host: str = Field("127.0.0.1", description="The address they listen on")
    web_token: SecretStr | None = Field(
        None,
        min_length=16,
        validate_default=True,
        description="The password of the pages, 16 characters at least; needed as soon as others can reach them",
    )
    web_public_archive: bool = Field(
        default=False, description="Whether everybody may read the archive and its feed, without the password"
    )
    telegram_token: SecretStr | None = Field(None, description="The token BotFather gave you")
    telegram_api_url: HttpUrl = Field(_TELEGRAM, description="A self-hosted Bot API server or a proxy")
    telegram_paid_broadcast: bool = Field(
        default=False, description="Push up to 1000 messages a second, each paid for in Telegram Stars"
    )
    telegram_webhook_url: HttpUrl | None = Field(
        None, description="The public HTTPS address Telegram calls; unset: long polling"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None,
        validate_default=True,
        description="The secret Telegram sends along; needed with a webhook; 1-256 of A-Z a-z 0-9 _ -",
    )
    telegram_webhook_port: int = Field(8443, ge=1, le=65535, description="The port on 127.0.0.1 the webhook listens on")
    discord_token: SecretStr | None = Field(None, description="The token of the bot, from the Developer Portal")
    discord_api_url: HttpUrl = Field(HttpUrl("https://discord.com"), description="A proxy of Discord's API")
    discord_crosspost: bool = Field(
        default=False, description="Cross-post what is pushed to announcement channels to those that follow them"
    )
    wecom_api_url: HttpUrl = Field(
        HttpUrl("https://qyapi.weixin.qq.com"), description="A proxy, or a WeCom of your own"
    )
    wecom_markdown: Literal["markdown", "markdown_v2"] = Field(
        "markdown", description="What WeCom messages are sent as; markdown_v2 shows in new clients only"
    )
    ai_url: HttpUrl | None = Field(
        None, description="An OpenAI-compatible endpoint that sorts items, such as https://api.openai.com/v1"
    )
    ai_key: SecretStr | None = Field(None, description="The key of that endpoint")
    ai_model: str | None = Field(
        None, validate_default=True, description="The model to ask there; these three belong together"
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines look")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        return database_address(value)

    @field_validator("digest_dir", "taxonomy")
    @classmethod
    def _home(cls, value: Path | None) -> Path | None:
        return at_home(value) if value else None

    @field_validator("send_at", "alarm_at", mode="before")
    @classmethod
    def _clock(cls, value: object) -> object:
        if isinstance(value, str) and not (len(value) == len("HH:MM") and value[2] == ":"):
            message = f"{value!r} is not a time; use HH:MM such as 08:00"
            raise ValueError(message)
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _operators(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(dict.fromkeys(who(one) for one in value.split(",") if one.strip()))
        return value

    @field_validator("catch_up", "correct_for", mode="before")
    @classmethod
    def _hours(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                return timedelta(hours=float(value))
            except (ValueError, OverflowError) as error:
                message = f"{value!r} is not a number of hours"
                raise ValueError(message) from error
        return value

    @field_validator("catch_up", "correct_for")
    @classmethod
    def _possible(cls, value: timedelta, field: ValidationInfo) -> timedelta:
        if field.field_name == "catch_up" and not value:
            message = "0 hours would let nothing go out"
            raise ValueError(message)
        if value < timedelta():
            message = "a number of hours is not below 0"
            raise ValueError(message)
        if value > timedelta(days=_MOST_DAYS):
            message = f"that is longer than a hundred years; {_MOST_DAYS * 24} hours are the most"
            raise ValueError(message)
        return value

    @field_validator("telegram_webhook_url")
    @classmethod
    def _called_in_secret(cls, value: HttpUrl | None, others: ValidationInfo) -> HttpUrl | None:
        if value and value.scheme != "https" and others.data.get("telegram_api_url") == _TELEGRAM:
            message = "Telegram calls HTTPS addresses alone; write it as https://..."
            raise ValueError(message)
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if value is None and others.data.get("telegram_webhook_url"):
            message = "needed with a webhook; choose any long random word"
            raise ValueError(message)
        if value is not None and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            message = "Telegram takes 1 to 256 characters of A-Z a-z 0-9 _ -"
            raise ValueError(message)
        return value

    @field_validator("web_token")
    @classmethod
    def _web_token(cls, value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if value is None and not is_loopback(others.data.get("web_host", "127.0.0.1")):
            message = "needed where others can reach the pages; choose any long random word, or listen on 127.0.0.1"
            raise ValueError(message)
        return value

    @field_validator("ai_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            message = "a key has no spaces, and no letters beyond A-Z and a-z"
            raise ValueError(message)
        return value

    @field_validator("ai_model")
    @classmethod
    def _all_or_none(cls, value: str | None, others: ValidationInfo) -> str | None:
        given = {name: others.data[name] for name in ("ai_url", "ai_key") if name in others.data} | {"ai_model": value}
        missing = [f"{PREFIX}{name.upper()}" for name, each in given.items() if each is None]
        if missing and len(missing) < len(given):
            message = f"a model is asked with all of DIGESTBOT_AI_URL, _KEY and _MODEL; missing: {', '.join(missing)}"
            raise ValueError(message)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only what `read` hands over, so that nothing depends on where the process stands."""
        return (init_settings,)
