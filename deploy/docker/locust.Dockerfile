# Locust with the locustfile for every stack; the browser's page on 8089.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
COPY deploy/locust/requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/locust \
 && /opt/locust/bin/pip install --disable-pip-version-check --no-input --no-cache-dir --require-hashes -r /tmp/requirements.lock \
 && /opt/locust/bin/pip uninstall --yes --quiet pip setuptools

FROM ${PYTHON_IMAGE}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="servelab's Locust" \
      org.opencontainers.image.description="Locust with a locustfile for every stack of servelab" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Nothing is installed at run time.
RUN python -m pip uninstall --yes --quiet pip setuptools wheel \
 && groupadd --gid 1000 locust && useradd --uid 1000 --gid locust --no-create-home --home-dir /tmp --shell /usr/sbin/nologin locust
ENV PATH=/opt/locust/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/locust /opt/locust
# As in the checkout: the locustfile reads the registry.
COPY deploy/locust /app/deploy/locust
COPY stacks/registry.json /app/stacks/registry.json
COPY .servelab/images/pictures /images
ENV IMAGES=/images
WORKDIR /app/deploy/locust
USER 1000:1000
EXPOSE 8089 5557
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8089/', timeout=2)"]
ENTRYPOINT ["locust", "--locustfile", "locustfile.py"]
