export * from './abort.js';
export * from './cgroup/cpu-quota.js';
export * from './error-code.js';
export * from './files/atomic-write.js';
export * from './files/cache-folder.js';
export * from './files/file-owner.js';
export * from './files/repository-files.js';
export * from './net/free-port.js';
