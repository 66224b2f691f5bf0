#!/bin/sh
# Takes out of node_modules what an image never reads: other platforms' binaries, sources, types, maps.
set -eu
cd node_modules
arch=$(node -p process.arch)

# bin/napi-vN/PLATFORM/ARCH
find onnxruntime-node/bin -mindepth 2 -maxdepth 2 ! -name linux -exec rm -rf {} +
find onnxruntime-node/bin -mindepth 3 -maxdepth 3 ! -name "$arch" -exec rm -rf {} +
# The browser's ONNX Runtime, if a dependency brought it.
rm -rf onnxruntime-web
# prebuilds/PLATFORM-ARCH...
find . -path '*/prebuilds/*' -mindepth 1 -maxdepth 5 -type d -name '*-*' ! -name "linux-$arch*" -prune -exec rm -rf {} +
# musl is another system's C library.
rm -rf @img/*linuxmusl* @koromix/*musl*
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete
