// The bar that says at all times for which tenant, as whom, in which organization and role one works, and where.
import { useRef, useState } from 'react';

import { becomePersona, chooseOrganization, signOut, viewAs } from './session.js';

export function Header({ session }) {
  const [trouble, setTrouble] = useState(null);
  const attempt = (act) => act.catch((error) => setTrouble(error.message));
  return (
    <>
      <header className="kontor-bar">
        <a className="kontor-brand" href="/" title="Start page">
          <img src="/static/kontor.svg" alt="" width="24" height="24" />
          Kontor
        </a>
        <dl>
          <Fact name="Tenant">{session.tenant?.name ?? '–'}</Fact>
          <Person session={session} attempt={attempt} />
          <Organization session={session} attempt={attempt} />
          <Fact name="Role">{session.role}</Fact>
          <Fact name="Environment">
            <span className={`kontor-badge kontor-${session.environment}`}>{session.environment}</span>
          </Fact>
        </dl>
        {'viewAs' in session && !session.viewAs && <ViewAs session={session} attempt={attempt} />}
        <button type="button" onClick={() => attempt(signOut(session))}>
          Sign out
        </button>
      </header>
      {session.viewAs && <Viewing session={session} attempt={attempt} />}
      {trouble && <Trouble text={trouble} dismiss={() => setTrouble(null)} />}
    </>
  );
}

function Fact({ name, children }) {
  return (
    <div className="kontor-fact">
      <dt>{name}</dt>
      <dd title={typeof children === 'string' ? children : undefined}>{children}</dd>
    </div>
  );
}

function Person({ session, attempt }) {
  const { person, personas } = session;
  if (!personas?.length) return <Fact name="Person">{person.name}</Fact>;
  const known = personas.some(({ email }) => email === person.email);
  return (
    <Fact name="Person">
      <select
        aria-label="Person"
        title={person.email}
        value={person.email}
        onChange={({ target }) => attempt(becomePersona(session, target.value))}
      >
        {!known && <option value={person.email}>{person.name}</option>}
        {[...byTenant(personas)].map(([tenant, people]) => (
          <optgroup key={tenant} label={tenant}>
            {people.map(({ email, name, role }) => (
              <option key={email} value={email}>
                {name} · {role}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </Fact>
  );
}

function byTenant(personas) {
  const tenants = new Map();
  for (const persona of personas) tenants.set(persona.tenant, [...(tenants.get(persona.tenant) ?? []), persona]);
  return tenants;
}

function Organization({ session, attempt }) {
  const { organization, organizations } = session;
  const choices = organizations?.length ?? 0;
  if (choices === 0 || (choices === 1 && organization)) return <Fact name="Organization">{organization?.name ?? '–'}</Fact>;
  return (
    <Fact name="Organization">
      <select
        aria-label="Organization"
        value={organization?.id ?? ''}
        onChange={({ target }) => attempt(chooseOrganization(session, target.value))}
      >
        {!organization && <option value="">choose …</option>}
        {organizations.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </Fact>
  );
}

function ViewAs({ session, attempt }) {
  const dialog = useRef(null);
  const submit = (event) => {
    event.preventDefault();
    dialog.current.close();
    attempt(viewAs(session, new FormData(event.target).get('email').trim()));
  };
  return (
    <>
      <button type="button" onClick={() => dialog.current.showModal()}>
        View as …
      </button>
      <dialog ref={dialog} className="kontor-dialog" aria-labelledby="view-as-title">
        <form onSubmit={submit}>
          <h2 id="view-as-title">View as another person</h2>
          <p>You see what this person sees. You cannot change anything, and the audit log records who looked.</p>
          <label>
            E-mail address
            <input name="email" type="email" required autoComplete="off" list="view-as-people" />
          </label>
          <datalist id="view-as-people">
            {(session.personas ?? []).map(({ email, name }) => (
              <option key={email} value={email}>
                {name}
              </option>
            ))}
          </datalist>
          <menu>
            <button type="button" onClick={() => dialog.current.close()}>
              Cancel
            </button>
            <button type="submit" className="kontor-primary">
              View
            </button>
          </menu>
        </form>
      </dialog>
    </>
  );
}

function Viewing({ session, attempt }) {
  return (
    <p className="kontor-banner kontor-viewing" role="status">
      <span>
        You look at Kontor as <strong>{session.viewAs.name ?? session.viewAs.email}</strong>: read-only, and recorded in the
        audit log.
      </span>
      <button type="button" onClick={() => attempt(viewAs(session, null))}>
        Stop
      </button>
    </p>
  );
}

function Trouble({ text, dismiss }) {
  return (
    <p className="kontor-banner kontor-trouble" role="alert">
      <span>{text}</span>
      <button type="button" onClick={dismiss}>
        Close
      </button>
    </p>
  );
}
