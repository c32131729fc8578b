// The panel of example operations; one click opens a tab with operation and variables.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { parse } from 'graphql';

const OPENED_AT_FIRST = 6;

/** The examples of the session's schema, those for its role first marked `mine`. */
export async function load(session) {
  const response = await fetch('/playground/examples.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`The server answered ${response.status} for the examples.`);
  const examples = (await response.json())[session.schema] ?? [];
  return examples.map((example) => ({ ...example, mine: isFor(example, session) }));
}

function isFor({ roles }, { role, kind }) {
  const known = [kind, ...(role ?? '').split(',')].map((name) => name.trim().toLowerCase());
  return roles.length === 0 || roles.some((name) => known.includes(name.toLowerCase()));
}

/** What a first visit finds open. */
export const tabsOf = (examples) =>
  examples
    .filter(({ mine }) => mine)
    .slice(0, OPENED_AT_FIRST)
    .map(({ query, variables }) => ({ query, variables }));

/** The panel as a GraphiQL plugin. */
export const examplesPlugin = (examples) => ({
  title: 'Examples',
  icon: ExamplesIcon,
  content: () => <ExamplesPanel examples={examples} />,
});

function ExamplesPanel({ examples }) {
  const open = useOpen();
  const others = examples.filter(({ mine }) => !mine);
  return (
    <section className="kontor-examples" aria-label="Examples">
      <h2 className="graphiql-doc-explorer-title">Examples</h2>
      <p>Each runs as it is: open one, press Ctrl-Enter.</p>
      <Examples examples={examples.filter(({ mine }) => mine)} open={open} />
      {others.length > 0 && <h3>For other roles</h3>}
      <Examples examples={others} open={open} />
    </section>
  );
}

function Examples({ examples, open }) {
  return (
    <ul>
      {examples.map((example) => (
        <li key={example.name}>
          <button type="button" className={example.mine ? '' : 'kontor-foreign'} onClick={() => open(example)}>
            <strong>{example.title}</strong>
            {example.description && <span>{example.description}</span>}
            {!example.mine && <small>{example.roles.join(', ')}</small>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function useOpen() {
  const { addTab, changeTab, updateActiveTabValues, setOperationFacts } = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor } = useGraphiQL(({ tabs, queryEditor, variableEditor }) => ({
    tabs,
    queryEditor,
    variableEditor,
  }));

  return ({ query, variables }) => {
    const there = tabs.findIndex((tab) => tab.query === query);
    if (there >= 0) {
      changeTab(there);
    } else {
      if (queryEditor?.getValue().trim()) addTab();
      queryEditor?.setValue(query);
      variableEditor?.setValue(variables ?? '');
    }
    const documentAST = parse(query);
    const operations = documentAST.definitions.filter(({ kind }) => kind === 'OperationDefinition');
    const operationName = operations[0]?.name?.value;
    setOperationFacts({ documentAST, operations, operationName });
    if (there < 0) updateActiveTabValues({ query, variables, operationName: operationName ?? null });
    queryEditor?.focus();
  };
}

function ExamplesIcon(props) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <path d="M4 5h16M4 10h10M4 15h16M4 20h7" strokeLinecap="round" />
      <path d="m16.5 8.5 4 2.5-4 2.5z" fill="currentColor" />
    </svg>
  );
}
