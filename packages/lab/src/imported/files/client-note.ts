import { z } from 'zod';
import type { ClientNote } from '../imported-load.js';

const CLIENT_NOTE_FORMAT = 'servelab-client-note-1';

/** `PREFIX_client.json`, beside the result files of the tool that it is about. */
const noteSchema = z.object({
  format: z.literal(CLIENT_NOTE_FORMAT),
  tool: z.enum(['locust', 'k6']),
  tool_version: z.string(),
  stack: z.string(),
  url: z.string(),
  users: z.number().int().positive().nullable(),
  rate_rps: z.number().positive().nullable(),
  warmup_s: z.number(),
  measured_s: z.number(),
  think_s: z.number(),
  cores: z.number().positive(),
  busy: z.number().nullable(),
});

export interface ClientNoteFile {
  readonly kind: 'client-note';
  readonly tool: 'locust' | 'k6';
  readonly note: ClientNote;
}

export function parseClientNote(document: unknown): ClientNoteFile | null {
  const said = noteSchema.safeParse(document).data;
  if (said === undefined) return null;
  const note: ClientNote = {
    toolVersion: said.tool_version,
    stack: said.stack,
    url: said.url,
    users: said.users,
    rateRps: said.rate_rps,
    warmupS: said.warmup_s,
    measuredS: said.measured_s,
    thinkS: said.think_s,
    cores: said.cores,
    busy: said.busy,
  };
  return { kind: 'client-note', tool: said.tool, note };
}

/** The same as text. */
export function clientNoteText(tool: ClientNoteFile['tool'], note: ClientNote): string {
  const document: z.infer<typeof noteSchema> = {
    format: CLIENT_NOTE_FORMAT,
    tool,
    tool_version: note.toolVersion,
    stack: note.stack,
    url: note.url,
    users: note.users,
    rate_rps: note.rateRps,
    warmup_s: note.warmupS,
    measured_s: note.measuredS,
    think_s: note.thinkS,
    cores: note.cores,
    busy: note.busy,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
