// Below the answer: which permissions the operation needs, how the last run went, what it cost.
import { useGraphiQL } from '@graphiql/react';
import { TypeInfo, visit, visitWithTypeInfo } from 'graphql';

import { explain, useExplains } from './explain.js';
import { useLastRun } from './runs.js';

// Descriptions end with "Needs `carts:see`." or "Permission: carts:see, offers:see".
const NEEDS = /(?:Permission:|\bNeeds)\s+((?:`?[\w-]+:[\w-]+`?(?:\s*,\s*|\s+and\s+)?)+)/g;
const NAME = /[\w-]+:[\w-]+/g;
const FIGURES = { requested: 'cost', budgetLeft: 'budget left', refillPerSecond: 'refill per second' };

/** The permissions that the descriptions of a document's fields name, sorted. */
export function permissionsOf(schema, document) {
  const found = new Set();
  const types = new TypeInfo(schema);
  const note = () => {
    const text = types.getFieldDef()?.description ?? '';
    for (const [, names] of text.matchAll(NEEDS)) names.match(NAME).forEach((name) => found.add(name));
  };
  visit(document, visitWithTypeInfo(types, { Field: note }));
  return [...found].sort();
}

export function Footer({ session }) {
  const { schema, fetchError } = useGraphiQL(({ schema, fetchError }) => ({ schema, fetchError }));
  return (
    <div className="kontor-footer" aria-busy={!schema && !fetchError}>
      <Permissions held={session.permissions} />
      {session.permissions?.includes('explain:see') && <Explain />}
      <LastRun />
    </div>
  );
}

function Permissions({ held }) {
  const { schema, documentAST } = useGraphiQL(({ schema, documentAST }) => ({ schema, documentAST }));
  const needed = schema && documentAST ? permissionsOf(schema, documentAST) : [];
  if (needed.length === 0) return null;
  return (
    <p aria-label="Permissions">
      Needs{' '}
      {needed.map((name) => (
        <Permission key={name} name={name} missing={held && !held.includes(name)} />
      ))}
    </p>
  );
}

function Permission({ name, missing }) {
  const title = missing ? 'Your role does not include this permission.' : undefined;
  return (
    <code className={missing ? 'kontor-missing' : undefined} title={title}>
      {name}
      {missing && ' (missing)'}
    </code>
  );
}

function Explain() {
  const asked = useExplains();
  return (
    <label title="Shows statement, plan and time of a query below its answer, in extensions.">
      <input type="checkbox" checked={asked} onChange={({ target }) => explain(target.checked)} />
      Explain
    </label>
  );
}

function LastRun() {
  const run = useLastRun();
  if (!run) return null;
  return (
    <p aria-label="Last run" role="status">
      <span className={run.status < 400 ? 'kontor-good' : 'kontor-bad'}>{run.status}</span>
      <span>{run.milliseconds} ms</span>
      {figures(run.cost).map(([name, figure]) => (
        <span key={name}>
          {name} <b>{figure}</b>
        </span>
      ))}
    </p>
  );
}

/** `{ requested: 12, budgetLeft: 988 }` as `[["cost", 12], ["budget left", 988]]`. */
export const figures = (cost) =>
  Object.entries(FIGURES)
    .filter(([name]) => cost?.[name] !== undefined)
    .map(([name, words]) => [words, cost[name]]);
