// The page: one conversation at a time, what the person did with it, and the drawer beside it.

import * as api from "./api.js";
import { learn } from "./cards.js";
import { h, icon } from "./dom.js";
import { welcome } from "./hero.js";
import { report } from "./report.js";
import { chats, key, marks, newChat, setTheme } from "./store.js";
import { showError, showReply, turnElement, writing } from "./talk.js";

const at = (id) => document.getElementById(id);
const parts = Object.fromEntries(["main", "hero", "talk", "ask", "send", "title", "chats", "side", "veil", "menu", "said", "fine", "marks", "forget", "file", "end"].map((id) => [id, at(id)]));
let chat = newChat();
let stop = null; // ends the answer that is coming
let following = true; // whether the view goes along with the answer: not once the reader moves it
let about = { turns: 64, films: 0, years: [] };

for (const element of document.querySelectorAll("[data-icon]")) element.append(icon(element.dataset.icon));

const on = {
  ask: (text, click) => ask(text, click),
  retry: () => retry(),
  edit(turn) {
    if (stop) return;
    chat.turns.length = chat.turns.indexOf(turn); // kept in the browser until another question takes its place
    open(chat);
    parts.ask.value = turn.said;
    grow();
    parts.ask.focus();
  },
  marked(kind, label, now) {
    const words = { seen: ["is marked as seen", "is no longer marked as seen"], hated: ["will not be suggested", "may be suggested again"] };
    tell(`${label} ${words[kind][now ? 0 : 1]}.`);
    showMarks();
  },
  copied(text, button) {
    copy(text, button);
  },
};

function tell(text) {
  parts.said.textContent = text;
}

// Conversations

function open(found) {
  stop?.abort();
  chat = found;
  parts.talk.replaceChildren(...chat.turns.map((turn) => turnElement(turn, on).element));
  const last = chat.turns.at(-1);
  if (last?.reply) showReply(parts.talk.lastElementChild.querySelector(".body"), last, on, true);
  show();
  parts.main.scrollTop = chat.turns.length ? parts.main.scrollHeight : 0;
}

function show() {
  parts.hero.hidden = chat.turns.length > 0;
  parts.talk.hidden = !parts.hero.hidden;
  parts.title.textContent = chat.title;
  document.title = chat.turns.length ? `${chat.title} · moviechat` : "moviechat";
  at("copy").disabled = at("export").disabled = chat.turns.length === 0;
  parts.chats.replaceChildren(...byAge(chats.all()).flatMap(([name, found]) => [h("li", { class: "age" }, name), ...found.map(chatItem)]));
  awayFromEnd();
}

// [name, conversations] of those that were spoken in today, in the week, and before; conversations without a date are old.
function byAge(all) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const ages = [["Today", midnight], ["This week", midnight - 6 * 86_400_000], ["Earlier", -Infinity]];
  const found = ages.map(([name]) => [name, []]);
  for (const one of all) found[ages.findIndex(([, since]) => (one.at ?? 0) >= since)][1].push(one);
  return found.filter(([, some]) => some.length);
}

function chatItem(found) {
  const now = found.id === chat.id;
  return h("li", { class: now ? "now" : "" },
    h("button", { class: "open", type: "button", "aria-current": now ? "true" : null, onclick: () => { open(found); drawer(false); } }, found.title),
    h("button", { class: "icon drop", type: "button", "aria-label": `Delete: ${found.title}`, onclick: () => drop(found) }, icon("cross")));
}

function drop(found) {
  chats.drop(found.id);
  if (found.id === chat.id) open(newChat());
  else show();
  tell(`Deleted: ${found.title}`);
}

function save() {
  chats.save(chat);
  show();
}

// Asking

// `click` is what the server is told instead of the words: {lift: [names of limits]} or {like: tconst}.
async function ask(text, click = {}) {
  const said = text.trim();
  if (!said || stop) return;
  if (chat.turns.length >= about.turns) {
    tell("This conversation is full. Begin a new one.");
    parts.fine.textContent = `A conversation has ${about.turns} turns at most: begin a new one.`;
    return;
  }
  parts.talk.querySelector(".after")?.remove();
  if (!chat.turns.length) chat.title = said.length > 60 ? `${said.slice(0, 57)}…` : said;
  chat.turns.push({ said, ...click, answered: "" });
  const { element, body } = turnElement(chat.turns.at(-1), on);
  parts.talk.append(element);
  save();
  await answer(chat.turns.at(-1), body);
}

async function retry() {
  const turn = chat.turns.at(-1);
  if (!turn || stop) return;
  delete turn.error;
  await answer(turn, parts.talk.lastElementChild.querySelector(".body"));
}

async function answer(turn, body) {
  const mine = chat;
  const write = writing(body);
  stop = new AbortController();
  sending(true);
  following = true;
  toEnd();
  try {
    const reply = await api.complete(messages(), marks.sent(), { waiting: write.waiting, piece(text) { turn.answered += text; write.piece(turn.answered); toEnd(); } }, stop.signal);
    turn.reply = reply;
    turn.answered = reply.answer ?? turn.answered;
    await showReply(body, turn, on, true);
    tell(turn.answered);
  } catch (error) {
    failed(turn, body, error);
  }
  stop = null;
  sending(false);
  chats.save(mine);
  show();
  settle(body.closest(".turn"));
}

function failed(turn, body, error) {
  if (error.name === "AbortError") {
    body.querySelector(".caret")?.classList.remove("caret");
    if (!turn.answered) body.replaceChildren(h("p", { class: "wait" }, "Stopped."));
    return;
  }
  turn.answered = "";
  turn.error = error.message;
  showError(body, error.message, on);
  if (error.status === 401) at("key").showModal();
}

function messages() {
  const found = [];
  for (const turn of chat.turns) {
    found.push({ role: "user", content: turn.said, ...(turn.lift?.length ? { lift: turn.lift } : {}), ...(turn.like ? { like: turn.like } : {}) });
    if (turn.answered) found.push({ role: "assistant", content: turn.answered });
  }
  return found;
}

function sending(now) {
  parts.send.replaceChildren(icon(now ? "stop" : "send"));
  parts.send.setAttribute("aria-label", now ? "Stop" : "Send");
  parts.send.type = now ? "button" : "submit";
  grow();
}

function toEnd() {
  if (following) parts.main.scrollTop = parts.main.scrollHeight;
}

for (const moved of ["wheel", "touchmove"]) parts.main.addEventListener(moved, () => { following = false; }, { passive: true });

// Far from the end a button leads there.
function awayFromEnd() {
  const left = parts.main.scrollHeight - parts.main.scrollTop - parts.main.clientHeight;
  parts.end.hidden = left < 240 || !chat.turns.length;
}

parts.main.addEventListener("scroll", awayFromEnd, { passive: true });
parts.end.addEventListener("click", () => {
  following = true;
  parts.main.scrollTo({ top: parts.main.scrollHeight, behavior: "smooth" });
  parts.ask.focus();
});

// A long answer is read from its beginning.
function settle(turn) {
  const long = turn.offsetHeight > parts.main.clientHeight - 24;
  if (long && following) parts.main.scrollTop = turn.offsetTop - parts.main.offsetTop - 16;
  else toEnd();
}

// The field

function grow() {
  parts.ask.style.height = "auto";
  parts.ask.style.height = `${parts.ask.scrollHeight}px`;
  parts.send.disabled = !stop && !parts.ask.value.trim();
}

at("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = parts.ask.value;
  if (!text.trim() || stop) return;
  parts.ask.value = "";
  grow();
  ask(text);
});
parts.send.addEventListener("click", () => stop?.abort());
parts.ask.addEventListener("input", grow);
parts.ask.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("composer").requestSubmit();
  } else if (event.key === "ArrowUp" && !parts.ask.value && chat.turns.length) {
    event.preventDefault();
    parts.ask.value = chat.turns.at(-1).said;
    grow();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    stop?.abort();
    drawer(false);
  }
  const typing = event.target.closest?.("input, textarea, dialog");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    parts.ask.focus();
  }
});

// Copy, export, theme, drawer

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    tell("Copied.");
  } catch {
    tell("This browser does not let the page copy.");
    return;
  }
  button.replaceChildren(icon("check"));
  setTimeout(() => button.replaceChildren(icon("copy")), 1500);
}

function asMarkdown() {
  const turns = chat.turns.map((turn) => {
    const sources = (turn.reply?.sources ?? []).map((source) => `> ${source.field}: ${source.text.replaceAll("\n", " ")}${source.url ? ` (${source.url})` : ""}`);
    return [`**You:** ${turn.said}`, turn.answered, ...sources].join("\n\n");
  });
  return `# ${chat.title}\n\n${turns.join("\n\n")}\n`;
}

at("copy").addEventListener("click", (event) => copy(asMarkdown(), event.currentTarget));
at("export").addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([asMarkdown()], { type: "text/markdown" }));
  const link = h("a", { href: url, download: `${chat.title.replace(/[^\p{L}\p{N} ]+/gu, "").trim().slice(0, 60) || "moviechat"}.md` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});
at("theme").addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  setTheme(next);
  tell(`${next} colours`);
});
at("new").addEventListener("click", () => {
  open(newChat());
  drawer(false);
  parts.ask.focus();
});

function drawer(out) {
  parts.side.classList.toggle("out", out);
  parts.veil.hidden = !out;
  parts.menu.setAttribute("aria-expanded", String(out));
  if (out) at("new").focus();
}

parts.menu.addEventListener("click", () => drawer(parts.menu.getAttribute("aria-expanded") !== "true"));
parts.veil.addEventListener("click", () => drawer(false));

// Marks and lists

function showMarks() {
  const { seen, loved, hated } = marks.sent();
  const said = [[seen, "seen"], [loved, "loved"], [hated, "not for you"]].filter(([films]) => films.length).map(([films, word]) => `${films.length.toLocaleString("en")} ${word}`);
  parts.marks.textContent = said.length ? `${said.join(", ")}. Seen films are not suggested again.` : "Mark films on their cards, or bring the list that you keep on IMDb or Letterboxd.";
  parts.forget.hidden = !said.length;
}

async function bring(file) {
  try {
    report(await api.history(file), (found) => {
      marks.add(found);
      showMarks();
      tell(found.told);
    });
  } catch (error) {
    report({ error: error.message }, () => {});
  }
}

at("bring").addEventListener("click", () => parts.file.click());
parts.file.addEventListener("change", () => {
  if (parts.file.files[0]) bring(parts.file.files[0]);
  parts.file.value = "";
});
parts.forget.addEventListener("click", () => {
  marks.forget();
  showMarks();
  open(chat);
  tell("Your films are forgotten.");
  at("bring").focus();
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) bring(event.dataTransfer.files[0]);
});

// The key

at("key").addEventListener("close", () => {
  if (at("key").returnValue === "ok") {
    key.set(at("secret").value.trim());
    start().then(retry);
  }
});

// The beginning

async function start() {
  try {
    about = await api.json("/api/about");
    learn(about.famous);
    welcome(parts.hero, about, on.ask);
    parts.fine.textContent = about.courtesy;
  } catch (error) {
    parts.fine.textContent = error.message;
    if (error.status === 401) at("key").showModal();
    else setTimeout(start, 1000 * (error.retry || 3));
  }
}

welcome(parts.hero, null, on.ask);
const [latest] = chats.all();
open(location.hash === "#last" && latest ? latest : newChat());
showMarks();
grow();
start();
parts.ask.focus();
