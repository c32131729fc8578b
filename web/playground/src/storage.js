// Where GraphiQL keeps things: what was typed lives in this browser tab only, how the page looks may stay.
const LOOKS = /:(theme|visiblePlugin|\w+Flex)$/;

// GraphiQL writes half a second late, also after its page was left for good.
let closed = false;

const shelf = (key) => (LOOKS.test(key) ? localStorage : sessionStorage);

/** A Storage for one schema: operations and variables end with the browser tab, the layout does not. */
export function storageOf(schema) {
  const named = (key) => (LOOKS.test(key) ? key : `${schema}:${key}`);
  return {
    getItem: (key) => shelf(key).getItem(named(key)),
    setItem: (key, value) => closed || shelf(key).setItem(named(key), value),
    removeItem: (key) => shelf(key).removeItem(named(key)),
    get length() {
      return localStorage.length + sessionStorage.length;
    },
    clear() {
      sessionStorage.clear();
      Object.keys(localStorage)
        .filter((key) => LOOKS.test(key))
        .forEach((key) => localStorage.removeItem(key));
    },
  };
}

/** Everything typed is gone and nothing comes back, for the next person at this machine. */
export function forget() {
  closed = true;
  sessionStorage.clear();
}
