// What a new conversation begins with: who this is, a wall of films, and things to try.

import { h, many } from "./dom.js";
import { poster } from "./poster.js";

const WALL = 7;

export function welcome(hero, about, ask) {
  const famous = about?.famous ?? [];
  const years = about?.years?.length ? ` of ${about.years[0]} to ${about.years[1]}` : "";
  hero.replaceChildren(
    h("h2", { class: "say" }, "What shall we ", h("em", {}, "watch"), "?"),
    h("p", { class: "sub" }, `${about ? many(about.films, "film") : "Films"}${years}: facts from the table, plots from their descriptions, suggestions that keep every limit. Each answer shows what it rests on.`),
    h("ul", { class: "wall", "aria-label": "Films to talk about" }, famous.slice(0, WALL).map((film) => frame(film, ask))),
    h("div", { class: "tries" }, tries(famous).map(([kind, text]) => h("button", { class: "try", type: "button", onclick: () => ask(text) }, h("small", {}, kind), text))));
}

function frame(film, ask) {
  const label = `${film.title} (${film.year})`;
  return h("li", {}, h("button", { type: "button", "aria-label": `Tell me about ${label}`, onclick: () => ask(`Tell me about ${label}`) }, poster(film)));
}

function tries(famous) {
  const [first, second] = famous.map((film) => film.title);
  return [
    ["A wish with limits", "A funny thriller under 100 minutes, no horror"],
    ["Something like it", `Something like ${first ?? "Parasite"}, but lighter`],
    ["Half remembered", "A man drives a bus that gets lost in the jungle"],
    ["A plain fact", `Who is in ${second ?? "1917"}, and how long is it?`],
    ["The best of a kind", "The five best rated documentaries"],
    ["For tonight", "For my six-year-old and me, nothing scary"],
  ];
}
