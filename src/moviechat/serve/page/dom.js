// Elements from words: text is always text, so nothing that a film is called can become markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function s(name, given = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(given)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  copy: "M9 9h10v10H9zM5 15V5h10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14",
  theme: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  send: "M12 19V5m-6 6l6-6 6 6",
  stop: "M8 8h8v8H8z",
  down: "M12 5v14m6-6l-6 6-6-6",
  cross: "M8 8l8 8m0-8l-8 8",
  edit: "M5 19h3.5L19 8.5 15.5 5 5 15.5z",
};

export function icon(name) {
  const path = s("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round" });
  return s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}

export function many(count, one, more = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}
