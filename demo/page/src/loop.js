// MaxSim as one writes it down in JavaScript: the peer of the chart.

/** With the interface of the package's `Documents`. */
export class Documents {
  #dim;
  #docs = new Float32Array();
  #docLens = new Uint32Array();

  constructor(dim) {
    this.#dim = dim;
  }

  append(docs, docLens) {
    this.#docs = docs;
    this.#docLens = docLens;
  }

  scores(query) {
    const [dim, docs, docLens] = [this.#dim, this.#docs, this.#docLens];
    const scores = new Float32Array(docLens.length);
    let start = 0;
    for (let d = 0; d < docLens.length; d++) {
      const end = start + docLens[d] * dim;
      let score = 0;
      for (let q = 0; q < query.length; q += dim) {
        let best = -Infinity;
        for (let t = start; t < end; t += dim) {
          let dot = 0;
          for (let i = 0; i < dim; i++) dot += query[q + i] * docs[t + i];
          if (dot > best) best = dot;
        }
        score += best;
      }
      scores[d] = score;
      start = end;
    }
    return scores;
  }

  search(query, { k }) {
    const scores = this.scores(query);
    const indices = Uint32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);
    return { indices, scores: Float32Array.from(indices, (i) => scores[i]) };
  }
}
