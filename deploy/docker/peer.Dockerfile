# A framework of stacks/registry.json, in both its forms: `--build-arg PEER=NAME`. FORM, at run time, chooses.
# Built by `make build`, which puts the ONNX graphs and labels into .servelab/images/model first.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ARG PEER
COPY stacks/${PEER}/requirements.lock /tmp/requirements.lock
# The programs in a virtual environment name its folder: it is the same in both stages.
RUN python -m venv /opt/peer \
 && /opt/peer/bin/pip install --disable-pip-version-check --no-input --no-cache-dir --require-hashes -r /tmp/requirements.lock
COPY stacks /app/stacks
COPY .servelab/images/peer /model
# The Keras model of the seeds' form, from the same weights; it is held against ONNX Runtime here.
RUN PYTHONPATH=/app/stacks/common:/app/stacks/keras TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 \
    /opt/peer/bin/python /app/stacks/keras/build_model.py --graph /model/f32.onnx --output /model/mobilenet_v2.keras /model/golden/*
RUN rm -rf /model/golden && /opt/peer/bin/pip uninstall --yes --quiet pip setuptools wheel || true

FROM ${PYTHON_IMAGE}
ARG PEER
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="servelab's ${PEER}" \
      org.opencontainers.image.description="The model behind ${PEER}, as servelab compares it" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A server installs nothing.
RUN python -m pip uninstall --yes --quiet pip setuptools wheel \
 && groupadd --gid 1000 peer && useradd --uid 1000 --gid peer --no-create-home --home-dir /tmp --shell /usr/sbin/nologin peer
ENV PEER=${PEER} FORM=tuned HOST=0.0.0.0 LABELS_PATH=/model/labels.txt \
    PATH=/opt/peer/bin:/usr/local/bin:/usr/bin:/bin PYTHONPATH=/app/stacks/common HOME=/tmp
# registry begin: environment (as the lab starts it; written by `make docs`)
ENV OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    TF_NUM_INTRAOP_THREADS=1 \
    TF_NUM_INTEROP_THREADS=1 \
    TF_CPP_MIN_LOG_LEVEL=3 \
    CUDA_VISIBLE_DEVICES=-1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BENTOML_DO_NOT_TRACK=1 \
    RAY_USAGE_STATS_ENABLED=0
# registry end
COPY --from=build /opt/peer /opt/peer
COPY --from=build /model /model
COPY stacks/registry.json /app/stacks/registry.json
COPY stacks/common /app/stacks/common
COPY stacks/${PEER} /app/stacks/${PEER}
COPY deploy/docker/start_peer.py deploy/docker/healthy.py deploy/docker/this_framework.py /app/deploy/docker/
WORKDIR /app/stacks/${PEER}
USER 1000:1000
# registry begin: ports (written by `make docs`)
EXPOSE 3000 8000 31800 3400
# registry end
HEALTHCHECK --interval=5s --timeout=3s --start-period=120s --retries=3 CMD ["python", "/app/deploy/docker/healthy.py"]
ENTRYPOINT ["python", "/app/deploy/docker/start_peer.py"]
