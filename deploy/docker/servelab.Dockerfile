# The whole of servelab: the server, and the load driver and bench beside it. Built by `make build`, which puts the
# converted model into .servelab/images/model first. A model mounted at /var/cache/servelab takes its place.
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
ENV ONNXRUNTIME_NODE_INSTALL=skip
WORKDIR /app
# The dependencies alone first: they change less often than the code.
COPY package.json package-lock.json ./
COPY packages/cli/package.json packages/cli/
COPY packages/core/package.json packages/core/
COPY packages/lab/package.json packages/lab/
COPY packages/node/package.json packages/node/
COPY packages/serve/package.json packages/serve/
RUN npm ci --no-audit --no-fund --loglevel=error
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
RUN npm run build && npm prune --omit=dev --no-audit --no-fund --loglevel=error
# What the native packages carry for other systems, and what only a compiler reads.
COPY deploy/docker/slim-modules.sh /tmp/
RUN /tmp/slim-modules.sh && find packages -name src -type d -prune -exec rm -r {} +

FROM ${NODE_IMAGE}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="servelab" \
      org.opencontainers.image.description="Serves image models over HTTP with explainable batching, and measures servers" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A server installs nothing.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
ENV NODE_ENV=production SERVELAB_CACHE_DIR=/var/cache/servelab
WORKDIR /app
COPY --from=build /app /app
# Read by the lab: the servers that are compared.
COPY stacks/registry.json stacks/registry.json
COPY .servelab/images/model /var/cache/servelab
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "packages/cli/dist/main.js"]
CMD ["serve", "--host", "0.0.0.0"]
