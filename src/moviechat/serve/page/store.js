// What the browser keeps: conversations, films marked, the theme, the key. Nothing of it is kept by the server.

const KEPT = 60; // conversations
const memory = new Map();

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`moviechat.${name}`)) ?? otherwise;
  } catch {
    return memory.get(name) ?? otherwise;
  }
}

function write(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(`moviechat.${name}`, JSON.stringify(value));
  } catch {
    // full or closed: this page goes on without it
  }
}

export const chats = {
  all: () => read("chats", []),
  save(chat) {
    const others = this.all().filter((other) => other.id !== chat.id);
    chat.at = Date.now();
    write("chats", [chat, ...others].slice(0, KEPT));
  },
  drop(id) {
    write("chats", this.all().filter((chat) => chat.id !== id));
  },
};

export function newChat() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return { id: [...bytes].map((b) => b.toString(16).padStart(2, "0")).join(""), title: "New chat", turns: [] };
}

// {"seen": {tconst: "Parasite (2019)"}, "loved": {...}, "hated": {...}}
export const marks = {
  all: () => ({ seen: {}, loved: {}, hated: {}, ...read("marks", {}) }),
  has(kind, tconst) {
    return tconst in this.all()[kind];
  },
  toggle(kind, tconst, label) {
    const all = this.all();
    if (tconst in all[kind]) delete all[kind][tconst];
    else all[kind][tconst] = label;
    write("marks", all);
  },
  add(report) {
    const all = this.all();
    for (const kind of ["seen", "loved", "hated"]) {
      for (const tconst of report[kind]) all[kind][tconst] ??= "";
    }
    write("marks", all);
  },
  forget: () => write("marks", {}),
  sent() {
    const all = this.all();
    return Object.fromEntries(Object.entries(all).map(([kind, films]) => [kind, Object.keys(films)]));
  },
};

export const key = {
  get: () => read("key", ""),
  set: (value) => write("key", value),
};

export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("moviechat.theme", theme);
  } catch {
    // for this visit only
  }
}
