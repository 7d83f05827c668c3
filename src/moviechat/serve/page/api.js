// The server, asked: OpenAI's chat completions for the conversation, a few routes of our own besides.

import { key } from "./store.js";

export class Failed extends Error {
  constructor(message, status = 0, retry = 0) {
    super(message);
    this.status = status;
    this.retry = retry; // seconds
  }
}

async function asked(path, options = {}) {
  const headers = { ...options.headers };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failed("The server cannot be reached. Is it still running?");
  }
  if (!response.ok) throw await failure(response);
  return response;
}

async function failure(response) {
  const said = await response.json().catch(() => null);
  const message = said?.error?.message ?? `The server answered with ${response.status}.`;
  return new Failed(message, response.status, Number(response.headers.get("Retry-After")) || 0);
}

export async function json(path, options) {
  return (await asked(path, options)).json();
}

export function films(tconsts) {
  const query = new URLSearchParams(tconsts.map((tconst) => ["id", tconst]));
  return json(`/api/films?${query}`);
}

export function history(file) {
  return json(`/api/history?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });
}

// Calls `on.piece(text)` and `on.waiting(count)` while the answer comes; gives the reply.
export async function complete(messages, marks, on, signal) {
  const body = JSON.stringify({ model: "moviechat", messages, stream: true, moviechat: marks });
  const headers = { "Content-Type": "application/json" };
  const response = await asked("/v1/chat/completions", { method: "POST", body, headers, signal });
  let reply = null;
  for await (const chunk of events(response.body)) {
    if (chunk.error) throw new Failed(chunk.error.message);
    if (chunk.moviechat?.waiting) on.waiting(chunk.moviechat.waiting);
    const [choice] = chunk.choices ?? [];
    if (choice?.delta?.content) on.piece(choice.delta.content);
    if (choice?.finish_reason) reply = chunk.moviechat ?? {};
  }
  if (!reply) throw new Failed("The answer broke off.");
  return reply;
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const parts = held.split("\n\n");
    held = parts.pop();
    for (const part of parts) {
      if (part.startsWith("data: ") && part !== "data: [DONE]") yield JSON.parse(part.slice(6));
    }
  }
}
