// Opens the playground: first who is signed in, then the examples for that role, then the page.
import './workers.js';
import '@graphiql/react/style.css';
import 'graphiql/graphiql.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import './playground.css';

import { createRoot } from 'react-dom/client';

import { App } from './app.jsx';
import { load as loadExamples } from './examples.jsx';
import { keepFresh, load as loadSession } from './session.js';

async function open() {
  const session = await loadSession();
  document.title = `${session.tenant?.name ?? 'No tenant'} · Kontor playground`;
  keepFresh(session);
  return <App session={session} examples={await loadExamples(session)} />;
}

function Failed({ error }) {
  return (
    <p className="kontor-notice" role="alert">
      The playground could not be opened. {error.message}{' '}
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
    </p>
  );
}

const root = createRoot(document.getElementById('root'));
open().then(
  (page) => root.render(page),
  (error) => root.render(<Failed error={error} />),
);
