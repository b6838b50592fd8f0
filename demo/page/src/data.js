// The book: passages, questions, and the embeddings of their tokens. What the files hold: their README, in
// benches/data/rust-book.

import { Archive } from "./safetensors.js";

/**
 * @typedef {{ text: string, rows: [number, number], spans: [number, number][] }} Text rows of embeddings, and for each
 *   of them where its token stands in the text
 * @typedef {Text & { id: string, title: string, chapter: string }} Passage
 * @typedef {Text & { number: number, prefix: string, embeddings: Float32Array }} Question
 */

/** Fetches the files and checks them against each other; an error names the file. */
export async function loadBook(folder) {
  const names = ["passages.json", "queries.json", "tokens.safetensors", "spans.safetensors"];
  const [passages, questions, tokens, spans] = await Promise.all(names.map((name) => fetched(folder, name)));
  const texts = {
    doc: named("passages.json", () => json(passages)),
    query: named("queries.json", () => json(questions)),
  };

  const rows = named("tokens.safetensors", () => {
    const archive = new Archive(tokens);
    const rows = { doc: rowsOf(archive, "doc", texts.doc), query: rowsOf(archive, "query", texts.query) };
    if (rows.doc.dim !== rows.query.dim) throw new Error(`rows of ${rows.doc.dim} and of ${rows.query.dim} values`);
    return rows;
  });
  const places = named("spans.safetensors", () => {
    const archive = new Archive(spans);
    const of = (kind) => spansOf(archive, kind, texts[kind], rows[kind]);
    return { doc: of("doc"), query: of("query") };
  });

  const { values: docs, dim, offsets } = rows.doc;
  const of = (kind, i) => ({
    text: texts[kind][i].text,
    rows: [rows[kind].offsets[i], rows[kind].offsets[i + 1]],
    spans: places[kind][i],
  });
  return {
    dim,
    docs,
    docLens: Uint32Array.from(texts.doc, (_, i) => offsets[i + 1] - offsets[i]),
    tokens: docs.length / dim,
    passages: texts.doc.map(({ id, title }, i) => ({ ...of("doc", i), id, title, chapter: chapterOf(id) })),
    questions: texts.query.map(({ relevant_prefix: prefix }, i) => {
      const question = of("query", i);
      const [start, end] = question.rows;
      return { ...question, number: i + 1, prefix, embeddings: rows.query.values.slice(start * dim, end * dim) };
    }),
  };
}

export function isAnsweredBy(question, passage) {
  return passage.id.startsWith(question.prefix);
}

/** The question of a number, or the first in which a word begins so. */
export function findQuestion(questions, asked) {
  const words = asked.trim().toLowerCase();
  if (words === "") return undefined;
  if (/^\d+$/.test(words)) return questions[Number(words) - 1];
  return questions.find(({ text }) => ` ${text.toLowerCase()}`.includes(` ${words}`));
}

async function fetched(folder, name) {
  const response = await fetch(`${folder}/${name}`).catch((error) => {
    throw new Error(`${name} could not be fetched: ${error.message}`, { cause: error });
  });
  // A server may send its start page for what it does not have.
  if (!response.ok || response.headers.get("Content-Type")?.startsWith("text/html")) {
    const status = response.ok ? "not found" : `status ${response.status} ${response.statusText}`.trim();
    throw new Error(`${name} could not be fetched: ${status}`);
  }
  return response.arrayBuffer();
}

function named(name, parse) {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

function json(buffer) {
  const list = JSON.parse(new TextDecoder().decode(buffer));
  if (!Array.isArray(list) || list.length === 0) throw new Error("expected a list");
  return list;
}

/** The embeddings of all texts of a kind, and the row at which each text begins. */
function rowsOf(archive, kind, texts) {
  const { values, dim } = archive.embeddings(`${kind}_embeddings`);
  const offsets = archive.integers(`${kind}_offsets`, [texts.length + 1]);
  const ascend = offsets.every((offset, i) => i === 0 || offsets[i - 1] < offset);
  if (offsets[0] !== 0 || offsets.at(-1) * dim !== values.length || !ascend) {
    throw new Error(`tensor ${kind}_offsets: expected ascending offsets from 0 to ${values.length / dim}`);
  }
  return { values, dim, offsets };
}

/** For each text what each of its rows stands for, as indices of the string. */
function spansOf(archive, kind, texts, { values, dim, offsets }) {
  const ends = archive.integers(`${kind}_spans`, [values.length / dim, 2]);
  return texts.map(({ text }, i) => {
    const indices = stringIndices(text);
    return Array.from({ length: offsets[i + 1] - offsets[i] }, (_, row) => {
      const at = 2 * (offsets[i] + row);
      const [start, end] = [indices[ends[at]], indices[ends[at + 1]]];
      if (!(start <= end)) throw new Error(`tensor ${kind}_spans, row ${at / 2}: not a part of its text`);
      return [start, end];
    });
  });
}

/** For each byte of the text in UTF-8 at which a character begins, and for the end, its index in the string. */
function stringIndices(text) {
  const indices = [];
  let [byte, index] = [0, 0];
  for (const character of text) {
    indices[byte] = index;
    const point = character.codePointAt(0);
    byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    index += character.length;
  }
  indices[byte] = index;
  return indices;
}

/** The chapter, as `ch04-01`; the whole name of a page outside the chapters. */
function chapterOf(id) {
  return /^ch.{5}(?=-)/.exec(id)?.[0] ?? id.split("#")[0];
}
