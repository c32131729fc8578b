// Whether the next run is to be explained, for the box below the answer and for whoever sends.
import { useSyncExternalStore } from 'react';

let asked = false;
const listeners = new Set();

/** Asks for explanations from now on, or no more. */
export function explain(wanted) {
  asked = wanted;
  listeners.forEach((tell) => tell());
}

/** Whether explanations are asked for. */
export const explains = () => asked;

const subscribe = (tell) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

export const useExplains = () => useSyncExternalStore(subscribe, explains);
