// `make fuzz`: what is attacked, how, and what must hold is in test/attacks/fuzz/.
import './typescript-loader.mjs';

const { fuzz } = await import('../test/attacks/fuzz/fuzz-command.ts');
process.exitCode = await fuzz(process.argv.slice(2));
