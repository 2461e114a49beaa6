// The phone's own store for the field (IndexedDB): what is put here outlives a killed app. A full
// disk is an error that the caller shows; nothing is kept by halves.

const NAME = "yitong-field";
const VERSION = 2;
const SHELVES = ["packs", "checks", "photos"];

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
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

/**
 * Do one thing to a shelf and wait until it is on the disk.
 * @template T @param {string} shelf @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work @returns {Promise<T>}
 */
async function done(shelf, mode, work) {
  const base = await open();
  return new Promise((settle, fail) => {
    const deal = base.transaction(shelf, mode, { durability: "strict" });
    const asked = work(deal.objectStore(shelf));
    deal.oncomplete = () => settle(asked.result);
    deal.onerror = deal.onabort = () => fail(deal.error ?? asked.error);
  });
}

/** @template {{id: string}} T @param {string} shelf @param {T} thing */
export const put = (shelf, thing) => done(shelf, "readwrite", (store) => store.put(thing));

/** @param {string} shelf @param {string} id @returns {Promise<any>} */
export const get = (shelf, id) => done(shelf, "readonly", (store) => store.get(id));

/** @param {string} shelf @returns {Promise<any[]>} */
export const all = (shelf) => done(shelf, "readonly", (store) => store.getAll());

/** @param {string} shelf @param {string} id */
export const remove = (shelf, id) => done(shelf, "readwrite", (store) => store.delete(id));
