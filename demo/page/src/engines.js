// The page's side of the workers.

/** From the fastest to the one that runs everywhere, as the package chooses them. */
export const VARIANTS = ["relaxed-simd", "simd128", "scalar"];

/** A worker with one variant of the package, or with the plain loop, called by promises. */
export class Engine {
  #worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #calls = 0;
  #failure;
  #loaded;
  #book;

  /**
   * @param {string} name a variant, or `loop`
   * @param {Promise<object>} book what it ranks, which may come later
   */
  constructor(name, book) {
    this.name = name;
    this.#book = book;
    this.#worker.onmessage = ({ data: { id, value, error } }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      error === undefined ? resolve(value) : reject(new Error(error));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#failure = new Error(event.message || "its script could not be loaded");
      for (const { reject } of this.#waiting.values()) reject(this.#failure);
      this.#waiting.clear();
    };
    /** Resolves when the engine runs; rejects with the reason if it cannot. */
    this.ready = this.#call("init", name);
    // Who does not ask is not told.
    this.ready.catch(() => {});
  }

  /** The best documents. */
  async search(query, k) {
    await this.#load();
    return this.#call("search", query, k);
  }

  async scores(query) {
    await this.#load();
    return this.#call("scores", query);
  }

  async match(query, rows) {
    await this.#load();
    return this.#call("match", query, rows);
  }

  /** Milliseconds of a search, in so many samples. */
  async time(query, k, samples) {
    await this.#load();
    return this.#call("time", query, k, samples);
  }

  /** Hands over the documents, when they are needed first: each engine has a copy. */
  #load() {
    this.#loaded ??= Promise.all([this.#book, this.ready]).then(([{ docs, docLens, dim }]) =>
      this.#call("load", { docs, docLens, dim }, this.name),
    );
    return this.#loaded;
  }

  #call(call, ...values) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const id = this.#calls++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, values });
    });
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
