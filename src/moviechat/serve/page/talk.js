// A conversation on the page: each turn, its answer as it comes, and what belongs to it.

import { details, list } from "./cards.js";
import { h, icon, many } from "./dom.js";
import { chips } from "./limits.js";

const FIELDS = { runtime: "minutes", votes: "votes", description: "description", genres: "genres", cast: "cast" };

// The element of a turn; `on` has ask(text, click), retry(), edit(turn), marked(...), copied(text).
export function turnElement(turn, on) {
  const clicked = turn.lift?.length || turn.like;
  const asked = h("div", { class: clicked ? "asked click" : "asked", dir: "auto" }, turn.said);
  const body = h("div", { class: "body" });
  const edit = h("button", { class: "icon edit", type: "button", "aria-label": `Edit: ${turn.said}`, onclick: () => on.edit(turn) }, icon("edit"));
  const element = h("article", { class: "turn", "aria-label": "Question and answer" }, h("div", { class: "mine" }, clicked ? null : edit, asked),
    h("div", { class: "answer" }, h("span", { class: "mark", "aria-hidden": "true" }), body));
  if (turn.reply) showReply(body, turn, on, false);
  else if (turn.error) showError(body, turn.error, on);
  else if (turn.answered) body.append(words(turn.answered));
  return { element, body };
}

// Words while they come.
export function writing(body) {
  const text = h("div", { class: "words caret" });
  const wait = h("div", { class: "wait" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: "ahead" }, h("span", { class: "hidden" }, "Looking it up")));
  body.replaceChildren(wait);
  return {
    piece(said) {
      if (!text.isConnected) body.replaceChildren(text);
      text.replaceChildren(...paragraphs(said));
    },
    waiting(ahead) {
      wait.querySelector(".ahead").textContent = `${ahead} before you`;
    },
  };
}

export async function showReply(body, turn, on, latest) {
  const { reply } = turn;
  const refs = reply.movies ?? [];
  const cards = h("div", {});
  const said = shortened(turn.answered, reply);
  body.replaceChildren(...[understood(reply.understood, on), said.trim() ? words(said, reply.kind === "unknown") : null, refs.length ? cards : null, foot(turn, on), latest ? follow(reply, on) : null].filter(Boolean));
  const likes = (reply.understood?.like ?? []).map((tconst) => ({ tconst }));
  const found = await details([...refs, ...likes]);
  if (refs.length) cards.replaceChildren(list(found.slice(0, refs.length), on));
  body.querySelector(".chips")?.prepend(...found.slice(refs.length).filter((film) => film.title).map((film) => h("li", {}, h("span", { class: "chip like" }, `like ${film.title}`))));
}

export function showError(body, error, on) {
  body.replaceChildren(h("div", { class: "failed", role: "alert" }, h("p", {}, error), h("button", { class: "button", type: "button", onclick: on.retry }, "Try again")));
}

export function follow(reply, on) {
  const said = reply.suggestions ?? [];
  if (!said.length) return null;
  return h("div", { class: "after", role: "group", "aria-label": "You could ask" }, said.map((text) => h("button", { class: "follow", type: "button", onclick: () => on.ask(capital(text)) }, capital(text))));
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function words(text, doubt = false) {
  return h("div", { class: doubt ? "words doubt" : "words" }, paragraphs(text));
}

function paragraphs(text) {
  return text.split(/\n+/).filter((line) => line.trim()).map((line) => h("p", { dir: "auto" }, line));
}

// What the cards show need not be read twice: lines that begin with one of the films are left to its card.
function shortened(answer, reply) {
  const films = reply.movies ?? [];
  if (!["recommend", "similar"].includes(reply.kind)) return answer;
  const lines = answer.split("\n");
  const kept = lines.filter((line) => !films.some((film) => line.replace(/^[\s\d.)*•–-]+/, "").startsWith(film.title) || line.trimStart().startsWith(film.title)));
  return kept.join("\n");
}

function understood(said, on) {
  const found = chips(said?.limits ?? {});
  const unchecked = said?.not_checked ?? [];
  if (!found.length && !unchecked.length && !said?.like?.length) return null;
  const limit = ({ label, lift, said: words }) => h("li", {}, h("button", { class: "chip", type: "button", "aria-label": `Remove the limit: ${label}`, onclick: () => on.ask(words, { lift }) }, label, icon("cross")));
  return h("ul", { class: "chips", "aria-label": "What was understood" }, found.map(limit), unchecked.map((what) => h("li", {}, h("span", { class: "chip not" }, `not checked: ${what}`))));
}

function sources(reply) {
  const all = reply.sources ?? [];
  if (!all.length) return null;
  const titles = new Map((reply.movies ?? []).map((film) => [film.tconst, `${film.title} (${film.year})`]));
  return h("details", { class: "sources" }, h("summary", {}, many(all.length, "source")), h("ol", {}, all.map((source) => sourceItem(source, titles))));
}

function sourceItem(source, titles) {
  const field = FIELDS[source.field] ?? source.field.replaceAll("_", " ");
  const where = `${titles.get(source.tconst) ?? source.tconst} · ${field}`;
  const link = safe(source.url) ? h("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, new URL(source.url).host) : null;
  const rights = [source.license, link].filter(Boolean);
  return h("li", {}, h("div", { class: "where" }, where), h("blockquote", { dir: "auto" }, source.text), rights.length ? h("small", {}, rights[0], rights[1] ? " · " : "", rights[1] ?? "") : null);
}

function safe(url) {
  return typeof url === "string" && /^https?:\/\//.test(url) && URL.canParse(url);
}

function foot(turn, on) {
  const { reply } = turn;
  const said = reply.grounded === true ? "Checked against the record" : reply.grounded === false ? "Nothing on record supports this" : "";
  const by = reply.model && reply.model !== "catalogue" ? `worded by ${reply.model}` : "";
  return h("div", { class: "foot" },
    h("button", { class: "icon", type: "button", "aria-label": "Copy this answer", onclick: (event) => on.copied(turn.answered, event.currentTarget) }, icon("copy")),
    said ? h("span", { class: reply.grounded ? "sure" : "" }, reply.grounded ? icon("check") : null, said) : null,
    by ? h("span", {}, by) : null,
    sources(reply));
}
