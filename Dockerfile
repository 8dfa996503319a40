# syntax=docker/dockerfile:1
# A small image: what the lock file names, no tools, no root. How to run it: docs/deploying.md

FROM python:3.11-slim AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
RUN pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
WORKDIR /build
# The libraries first: they change seldom, and are then taken from the cache. With the extras, a model and PostgreSQL:
# nothing can be installed later.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --all-extras --no-install-project
COPY README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY templates templates
COPY digests digests
RUN uv sync --frozen --no-default-groups --all-extras --no-editable

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --home-dir /data --create-home digestbot
COPY --from=build --chown=root:root /build/.venv /build/.venv
ENV PATH=/build/.venv/bin:$PATH PYTHONUNBUFFERED=1 \
    DIGESTBOT_DATABASE_URL=sqlite+aiosqlite:////data/digestbot.db \
    DIGESTBOT_WEB_HOST=0.0.0.0 \
    DIGESTBOT_WEB_PORT=8321
USER digestbot
WORKDIR /data
VOLUME /data
EXPOSE 8321
# SIGTERM: what is in flight is answered within 10 seconds, and nothing is left half-done.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['DIGESTBOT_WEB_PORT'] + '/healthz', timeout=8)"]
ENTRYPOINT ["digestbot"]
CMD ["run"]
