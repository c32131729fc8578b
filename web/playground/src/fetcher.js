// Sends operations to Kontor: one POST with cookie and CSRF header, or an event stream for subscriptions.
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-sse';

import { explains } from './explain.js';
import { ran } from './runs.js';

const ANSWER = 'application/graphql-response+json, application/json;q=0.9';
const ENDPOINTS = { staff: '/graphql', portal: '/portal/graphql' };

/** The address of the schema that the session's person may use. */
export const endpointOf = (session) => ENDPOINTS[session.schema];

/** A GraphiQL fetcher for this session; a session that has ended is told by `onSignedOut`. */
export function fetcherOf(session, onSignedOut) {
  const url = endpointOf(session);
  const csrf = { 'X-Kontor-CSRF': session.csrf };
  const events = createClient({ url, headers: csrf, credentials: 'same-origin', retryAttempts: 3 });

  return (params, options) => {
    const operation = options?.documentAST && getOperationAST(options.documentAST, params.operationName);
    if (operation?.operation === 'subscription') return events.iterate(params);
    return post(url, csrf, params, onSignedOut);
  };
}

async function post(url, csrf, params, onSignedOut) {
  const ours = params.operationName === 'IntrospectionQuery';
  const asked = explains() && !ours ? { ...params, extensions: { ...params.extensions, explain: true } } : params;
  const started = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: ANSWER, ...csrf },
    body: JSON.stringify(asked),
  });
  const answer = await answerOf(response);
  if (response.status === 401) onSignedOut();
  if (!ours) {
    const milliseconds = Math.round(performance.now() - started);
    ran({ status: response.status, milliseconds, cost: answer.extensions?.cost });
  }
  return answer;
}

async function answerOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: text || `The server answered ${response.status} without a body.` }] };
  }
}
