# k6 with the script for every stack and the pictures that it sends; its variables are the
# container's: docker run --rm --network host --env STACK=fastapi servelab/k6:VERSION
ARG K6_IMAGE=grafana/k6:1.8.1

FROM ${K6_IMAGE}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="servelab's k6" \
      org.opencontainers.image.description="k6 with a script for every stack of servelab" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# As in the checkout: the script reads the registry.
COPY deploy/k6 /app/deploy/k6
COPY stacks/registry.json /app/stacks/registry.json
COPY .servelab/images/pictures /images
ENV IMAGES=/images K6_NO_USAGE_REPORT=true
WORKDIR /app/deploy/k6
USER 12345:12345
ENTRYPOINT ["k6", "run"]
CMD ["k6-script.js"]
