// The last run, for whoever wants to show it: status, time on the wire, cost.
import { useSyncExternalStore } from 'react';

let last = null;
const listeners = new Set();

/** Remembers a run `{ status, milliseconds, cost }` and tells those who watch. */
export function ran(run) {
  last = run;
  listeners.forEach((tell) => tell());
}

const subscribe = (tell) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

/** The last run, or null before the first. */
export const useLastRun = () => useSyncExternalStore(subscribe, () => last);
