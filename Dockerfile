# The portal in one image: the same for the web server and the worker, which differ only in their command.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/srv/portal/var DEBUG=false
WORKDIR /srv/portal

# Pango and a typeface with every accent of the region: minutes are set as PDF with them.
RUN apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core && rm -rf /var/lib/apt/lists/*

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN SECRET_KEY=build ALLOWED_HOSTS=build python manage.py collectstatic --noinput
RUN useradd --system --uid 10001 portal && mkdir -p var && chown portal var

USER portal
VOLUME /srv/portal/var
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=5)"]
# Whoever pastes a page into the search gets an answer; a proxy in front has its own limit.
CMD ["gunicorn", "portal.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", "--timeout=120", "--limit-request-line=0", "--access-logfile=-", "--no-control-socket"]
