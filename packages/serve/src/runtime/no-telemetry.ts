/**
 * Switches ONNX Runtime's own telemetry off: since 1.30 it also has one on Linux, which keeps a device id and a
 * database in the user's cache folder and a file a process in the system's temporary one. ONNX Runtime looks at
 * the variable when it is loaded, so this has to be imported before it. What somebody has set it to is left
 * alone.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1';
