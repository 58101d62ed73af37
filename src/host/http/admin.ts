import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { RegisteredFunction } from '../app/app';
import { sendEmpty, sendJson } from './httpResponse';
import { readBody } from './requestBody';

/** What the admin addresses show and start. */
export interface AdminSubject {
  readonly functions: readonly RegisteredFunction[];
  find(name: string): RegisteredFunction | undefined;
  isDisabled(name: string): boolean;
  status(): Readonly<Record<string, unknown>>;
  /** Runs a function by hand; throws INPUT_INVALID when its trigger cannot be run so. */
  invoke(name: string, input: unknown): Promise<unknown>;
}

const invocationSchema = z.object({ input: z.unknown().optional() });
/** A message of a storage queue has at most 64 KiB; nothing run by hand needs more. */
const inputLimit = 1_048_576;

/**
 * The real host's admin addresses (azure-functions-host, Controllers): `GET /admin/functions`, `GET` and `POST
 * /admin/functions/NAME`, `GET /admin/functions/NAME/status`, `GET /admin/host/status`, `/admin/host/ping`.
 * Who may come here has been decided before.
 */
export async function answerAdmin(
  subject: AdminSubject,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
): Promise<void> {
  const [, , area, name, detail, ...more] = path.replace(/\/$/, '').split('/');
  const reads = request.method === 'GET';
  if (more.length > 0) sendEmpty(response, 404);
  else if (area === 'host' && name === 'status' && reads) sendJson(response, 200, subject.status());
  else if (area === 'host' && name === 'ping') sendEmpty(response, 200);
  else if (area !== 'functions') sendEmpty(response, 404);
  else if (name === undefined) {
    if (!reads) sendEmpty(response, 404);
    else
      sendJson(
        response,
        200,
        subject.functions.map((target) => describe(subject, target, url)),
      );
  } else {
    const target = subject.find(name);
    if (!target) sendEmpty(response, 404);
    else if (reads && detail === 'status') sendJson(response, 200, {});
    else if (reads && detail === undefined) sendJson(response, 200, describe(subject, target, url));
    else if (request.method === 'POST' && detail === undefined)
      await runByHand(subject, target, request, response);
    else sendEmpty(response, 404);
  }
}

function describe(subject: AdminSubject, { name, metadata, trigger }: RegisteredFunction, url: URL): object {
  const route = trigger['route'];
  return {
    name,
    href: `${url.origin}/admin/functions/${name}`,
    language: 'node',
    isDisabled: subject.isDisabled(name),
    config: {
      bindings: Object.entries(metadata.bindings).map(([bindingName, binding]) => ({
        ...binding,
        name: bindingName,
      })),
    },
    ...(typeof route === 'string'
      ? { invoke_url_template: `${url.origin}/${route.replace(/^\//, '')}` }
      : {}),
  };
}

/** Answers 202 before the function has run, as the real host does; how it ends stands in the log. */
async function runByHand(
  subject: AdminSubject,
  target: RegisteredFunction,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page of another site can send a form or plain text without asking; it cannot send JSON.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    sendEmpty(response, 415);
    return;
  }
  const refuse = (message: string) => sendJson(response, 400, { error: { code: 'INPUT_INVALID', message } });
  let parsed: ReturnType<typeof invocationSchema.safeParse>;
  try {
    parsed = invocationSchema.safeParse(JSON.parse((await readBody(request, inputLimit)).toString('utf8')));
  } catch (error) {
    if (error instanceof QuarterdeckError) throw error;
    refuse('the body is not JSON');
    return;
  }
  if (!parsed.success) {
    refuse('the body is no object such as {"input": "…"}');
    return;
  }
  try {
    // The outcome is in the log; only what is refused before the function runs is answered here.
    const run = subject.invoke(target.name, parsed.data.input);
    run.catch(() => {});
  } catch (error) {
    if (!(error instanceof QuarterdeckError)) throw error;
    refuse(error.message);
    return;
  }
  sendEmpty(response, 202);
}
