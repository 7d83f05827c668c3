// Films as cards, and what a person can say of one with a click.

import { films as fetched } from "./api.js";
import { h } from "./dom.js";
import { poster } from "./poster.js";
import { marks } from "./store.js";

const known = new Map();

// What cards show of the films named in `refs`; what cannot be had is left at title and year.
export async function details(refs) {
  const missing = refs.filter((ref) => !known.has(ref.tconst)).map((ref) => ref.tconst);
  if (missing.length) {
    const found = await fetched(missing.slice(0, 50)).catch(() => []);
    for (const film of found) known.set(film.tconst, film);
  }
  return refs.map((ref) => ({ ...ref, ...known.get(ref.tconst) }));
}

export function learn(films) {
  for (const film of films) known.set(film.tconst, film);
}

export function list(films, on) {
  const small = films.length === 1 && !films[0].reason;
  return h("ul", { class: films.length % 2 && !small ? "films odd" : "films", "aria-label": "Films" }, films.map((film) => card(film, small, on)));
}

function card(film, small, on) {
  const item = h("li", { class: small ? "film small" : "film", "data-tconst": film.tconst });
  const label = `${film.title} (${film.year})`;
  item.append(
    poster(film),
    h("div", { class: "about" },
      h("h3", { dir: "auto" }, film.title, " ", h("span", {}, film.year)),
      h("p", { class: "meta" }, ...meta(film)),
      credits(film),
      film.reason ? h("p", { class: "why" }, film.reason) : null,
      h("div", { class: "acts", role: "group", "aria-label": label },
        toggle(item, film, "seen", "Seen it", label, on),
        toggle(item, film, "hated", "Not for me", label, on),
        h("button", { class: "act", type: "button", "aria-label": `More films like ${label}`, onclick: () => on.ask(`More films like ${label}`, { like: film.tconst }) }, "More like this"))));
  dim(item, film);
  return item;
}

function meta(film) {
  const parts = [film.runtime ? `${film.runtime} min` : null, film.genres?.join(", ")].filter(Boolean).join(" · ");
  if (!film.rating) return [parts];
  const votes = new Intl.NumberFormat("en", { notation: "compact" }).format(film.votes);
  const href = `https://www.imdb.com/title/${encodeURIComponent(film.tconst)}/`;
  const label = `Rated ${film.rating.toFixed(1)} from ${votes} votes, on IMDb (opens a new tab)`;
  const rated = h("a", { class: "rated", href, target: "_blank", rel: "noopener noreferrer", "aria-label": label }, h("b", {}, `★\u00a0${film.rating.toFixed(1)}`), ` from ${votes}\u00a0votes`);
  return [parts, rated];
}

function credits(film) {
  const [by, cast] = [film.directors?.join(", "), film.cast?.slice(0, 3).join(", ")];
  const said = [by ? `By ${by}` : null, cast ? `with ${cast}` : null].filter(Boolean).join(", ");
  return said ? h("p", { class: "meta credits" }, said) : null;
}

function toggle(item, film, kind, words, label, on) {
  const press = (event) => {
    marks.toggle(kind, film.tconst, label);
    event.currentTarget.setAttribute("aria-pressed", String(marks.has(kind, film.tconst)));
    dim(item, film);
    on.marked(kind, label, marks.has(kind, film.tconst));
  };
  return h("button", { class: "act", type: "button", "aria-pressed": String(marks.has(kind, film.tconst)), "aria-label": `${words}: ${label}`, onclick: press }, words);
}

function dim(item, film) {
  item.classList.toggle("done", marks.has("seen", film.tconst) || marks.has("hated", film.tconst));
}
