// What was found in a list of films that a person brought: shown before it is used.

import { h, many } from "./dom.js";

export function report(found, use) {
  const dialog = document.getElementById("report");
  const close = () => dialog.close();
  dialog.replaceChildren(...(found.error ? refused(found.error, close) : read(found, use, close)));
  dialog.showModal();
}

function refused(message, close) {
  return [h("h2", { id: "report-title" }, "That list could not be read"), h("p", {}, message), h("div", { class: "row" }, h("button", { class: "button", type: "button", onclick: close }, "Close"))];
}

function read(found, use, close) {
  const figures = [["rows read", found.rows], ["matched", found.matched], ["seen", found.seen.length], ["loved", found.loved.length], ["disliked", found.hated.length], ["wished for", found.wished.length]];
  const accept = () => {
    close();
    use(found);
  };
  return [
    h("h2", { id: "report-title" }, "Your list"),
    h("p", {}, `From ${found.files.join(", ")}. It was read in the server's memory and is kept in this browser only.`),
    h("dl", { class: "figures" }, figures.map(([name, count]) => h("div", {}, h("dt", {}, name), h("dd", {}, count.toLocaleString("en"))))),
    found.unmatched.length ? missed(found.unmatched) : null,
    h("div", { class: "row" },
      h("button", { class: "button quiet", type: "button", onclick: close }, "Discard"),
      h("button", { class: "button", type: "button", onclick: accept }, "Use it")),
  ].filter(Boolean);
}

function missed(rows) {
  const shown = rows.slice(0, 500);
  const item = (row) => h("li", {}, row.title ? `${row.title}${row.year ? ` (${row.year})` : ""}` : "A row without a title", h("small", {}, `${row.file}, line ${row.line}: ${row.reason}`));
  return h("details", { class: "missed" }, h("summary", {}, `${many(rows.length, "row")} did not match`), h("ul", { tabindex: "0", "aria-label": "Rows that did not match" }, shown.map(item)));
}
