"""One question to an OpenAI-compatible endpoint: the only file that knows its library."""

import asyncio

import openai

from bot.errors import NoAnswer
from bot.judge.question import Endpoint, Question


async def exchange(endpoint: Endpoint, question: Question, *, timeout: float) -> str:  # noqa: ASYNC109 - said in errors
    """Ask, and return the endpoint's answer as it came; `timeout` in seconds.

    Raises NoAnswer; its text holds no secret.
    """
    try:
        async with asyncio.timeout(timeout), _client(endpoint, timeout) as client:
            raw = await client.chat.completions.with_raw_response.create(
                model=endpoint.model,
                messages=(
                    {"role": "system", "content": question.task},
                    {"role": "user", "content": question.items},
                ),
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "categories", "strict": True, "schema": dict(question.schema)},
                },
            )
            return raw.http_response.text
    except (TimeoutError, openai.APITimeoutError) as error:
        raise NoAnswer(f"no answer within {timeout:g} seconds", unreachable=True) from error
    except openai.APIStatusError as error:
        raise NoAnswer(f"the endpoint answered HTTP {error.status_code}", unreachable=True) from error
    except openai.OpenAIError as error:
        raise NoAnswer(f"the endpoint can't be reached: {type(error).__name__}", unreachable=True) from error


def _client(endpoint: Endpoint, timeout: float) -> openai.AsyncOpenAI:
    """Return a client for one question: they come once a day, and nothing has to be closed with the house."""
    key = endpoint.key.get_secret_value()
    return openai.AsyncOpenAI(base_url=endpoint.url, api_key=key, timeout=timeout, max_retries=0)
