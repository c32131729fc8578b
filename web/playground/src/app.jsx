// The playground: Kontor's bar above, GraphiQL below.
import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';

import { examplesPlugin, tabsOf } from './examples.jsx';
import { endpointOf, fetcherOf } from './fetcher.js';
import { Footer } from './footer.jsx';
import { Header } from './header.jsx';
import { storageOf } from './storage.js';

const EXPLORER_PLUGIN = { ...explorerPlugin(), title: 'Explorer' };
const EMPTY_TAB = '# Ctrl-Space completes, Ctrl-Enter runs.\n\n';

export function App({ session, examples }) {
  const [signedOut, setSignedOut] = useState(false);
  const fetcher = useMemo(() => fetcherOf(session, () => setSignedOut(true)), [session]);
  const storage = useMemo(() => storageOf(session.schema), [session]);
  const ours = useMemo(() => examplesPlugin(examples), [examples]);
  const plugins = useMemo(() => [ours, EXPLORER_PLUGIN, HISTORY_PLUGIN], [ours]);
  const tabs = useMemo(() => tabsOf(examples), [examples]);
  return (
    <>
      <Header session={session} />
      {signedOut && <SignedOut />}
      <main className="kontor-main">
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          plugins={plugins}
          referencePlugin={DOC_EXPLORER_PLUGIN}
          visiblePlugin={ours}
          defaultTabs={tabs.length ? tabs : undefined}
          defaultQuery={EMPTY_TAB}
          defaultEditorToolsVisibility="variables"
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <code className="kontor-endpoint">{endpointOf(session)}</code>
          </GraphiQL.Logo>
          <GraphiQL.Footer>
            <Footer session={session} />
          </GraphiQL.Footer>
        </GraphiQL>
      </main>
    </>
  );
}

function SignedOut() {
  return (
    <p className="kontor-banner kontor-trouble" role="alert">
      <span>Your session has ended. What you have written stays here.</span>
      <a href="/sign-in?next=/playground/">Sign in again</a>
    </p>
  );
}
