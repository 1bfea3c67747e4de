# The hub for production: no compiler, no test tools, no database inside, nothing run as root.

# By tag, or by tag and digest: `make pins` prints those, and compose.yaml hands them in from .env.
ARG PYTHON_IMAGE=python:3.13-slim-bookworm
ARG POSTGRES_IMAGE=postgres:18-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY manage.py gunicorn.conf.py LICENSE ./
COPY volunteers volunteers
COPY supplies supplies
COPY school school
COPY hub hub
COPY templates templates
COPY locale locale
COPY static static
# Names and hashes of the static files need settings, and none of these three is used for anything else.
RUN DEBUG=false SECRET_KEY=for-this-line-only ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nowhere/none \
    /venv/bin/python manage.py collectstatic --noinput && /venv/bin/python -m compileall -q .

FROM ${POSTGRES_IMAGE} AS postgres

FROM ${PYTHON_IMAGE}
# The client of the server's own version, for dumps: an older one refuses. Debian's libpq5 is here for what it needs
# itself; its library is replaced. The last line fails the build when something is missing.
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 liblz4-1 libzstd1 libreadline8 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=postgres /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore \
    /usr/lib/postgresql/18/bin/psql /usr/local/bin/
COPY --from=postgres /usr/lib/*-linux-gnu/libpq.so.5* /usr/local/lib/
RUN ldconfig && pg_dump --version && pg_restore --version && psql --version

# A volume put there belongs to whom the folder does.
RUN useradd --system --uid 10001 --no-create-home hub && install -d -o hub -m 700 /backups /backups-open-desk \
    && install -d -o hub -g hub /var/lib/hub
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
# Each thread would keep memory of its own: a few MB for nothing.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEBUG=false MALLOC_ARENA_MAX=2
USER hub
EXPOSE 8000
# Quiet by gunicorn.conf.py. Two processes of four threads suit two cores. They are parted after the hub is loaded:
# each weighs less, and a new one is there at once.
CMD ["gunicorn", "hub.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--preload"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import http.client; \
asked = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
asked.request('GET', '/healthz'); \
raise SystemExit(asked.getresponse().status != 200)"]
