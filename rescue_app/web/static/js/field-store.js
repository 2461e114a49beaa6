// The phone's own store for the field (IndexedDB): what is put here outlives a killed app. A full
// disk is an error that the caller shows; nothing is kept by halves.

const NAME = "yitong-field";
const VERSION = 4;
const SHELVES = ["packs", "checks", "answers", "attachments", "ground", "spots"];

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const missing = SHELVES.filter((name) => !asked.result.objectStoreNames.contains(name));
      missing.forEach((name) => asked.result.createObjectStore(name, { keyPath: "id" }));
    };
    asked.onsuccess = () => {
      // Another window opens a newer form of the store: let it.
      asked.result.onversionchange = () => asked.result.close();
      asked.result.onclose = () => (opened = null);
      done(asked.result);
    };
    asked.onerror = () => {
      opened = null; // the next thing to keep tries again
      fail(asked.error);
    };
  });
  return opened;
}

/**
 * Do something to some shelves as one, and wait until it is on the disk.
 * @template T @param {string[]} shelves @param {IDBTransactionMode} mode
 * @param {(at: (shelf: string) => IDBObjectStore) => IDBRequest<T> | void} work @returns {Promise<T>}
 */
async function done(shelves, mode, work) {
  const base = await open();
  return new Promise((settle, fail) => {
    const deal = base.transaction(shelves, mode, { durability: "strict" });
    const asked = work((shelf) => deal.objectStore(shelf));
    deal.oncomplete = () => settle(/** @type {T} */ (asked?.result));
    deal.onerror = deal.onabort = () => fail(deal.error ?? asked?.error);
  });
}

/** Keep all of it or none. @template {{id: string}} T @param {Record<string, T[]>} things by shelf */
export const putAll = (things) =>
  done(Object.keys(things), "readwrite", (at) => {
    for (const [shelf, some] of Object.entries(things)) some.forEach((thing) => at(shelf).put(thing));
  });

/** @template {{id: string}} T @param {string} shelf @param {T} thing */
export const put = (shelf, thing) => putAll({ [shelf]: [thing] });

/** @param {string} shelf @param {string} id @returns {Promise<any>} */
export const get = (shelf, id) => done([shelf], "readonly", (at) => at(shelf).get(id));

/** @param {string} shelf @returns {Promise<any[]>} */
export const all = (shelf) => done([shelf], "readonly", (at) => at(shelf).getAll());

/** @param {string} shelf @param {string} id */
export const remove = (shelf, id) => done([shelf], "readwrite", (at) => at(shelf).delete(id));

/** Change what is there, if it still is. @param {string} shelf @param {string} id
 * @param {(thing: any) => any} change */
export const alter = (shelf, id, change) =>
  done([shelf], "readwrite", (at) => {
    const asked = at(shelf).get(id);
    asked.onsuccess = () => asked.result && at(shelf).put(change(asked.result));
  });

/** What lies on a shelf, without reading it. @param {string} shelf @returns {Promise<string[]>} */
export const ids = (shelf) => done([shelf], "readonly", (at) => /** @type {IDBRequest<any>} */ (at(shelf).getAllKeys()));
