#!/bin/sh
# Starts the peer of an image in the form that FORM names, as packages/lab/src/peers/ does it outside of one.
set -eu
case "$FORM" in
  seeds) model=/model/mobilenet_v2.keras ;;
  tuned) model=/model/f32.onnx ;;
  *) echo "error: FORM is \"$FORM\"" >&2; echo 'fix: FORM=tuned or FORM=seeds' >&2; exit 2 ;;
esac
export MODEL_PATH="${MODEL_PATH:-$model}"
case "$PEER" in
  bentoml) export PORT="${PORT:-3000}"; set -- python start.py "$FORM" ;;
  fastapi) export PORT="${PORT:-8000}"; set -- uvicorn "$FORM:app" --host "$HOST" --port "$PORT" --no-access-log ;;
  rayserve) export PORT="${PORT:-31800}"; set -- python start.py "$FORM" ;;
  litserve) export PORT="${PORT:-3400}"; set -- python "$FORM.py" ;;
esac
exec "$@"
