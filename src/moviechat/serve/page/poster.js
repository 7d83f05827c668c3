// A poster drawn from a film's title, year and genres: there are no pictures. The same film always gets the same one.

import { h, s } from "./dom.js";

// ground, shape, accent, ink
const PALETTES = {
  Horror: [["#140c0f", "#6d0f1c", "#e5383b", "#f7e9e0"], ["#1b1016", "#3b1c32", "#c9184a", "#ffe5ec"]],
  Thriller: [["#10202a", "#2f5061", "#e6b94b", "#f6f1de"], ["#1d1a26", "#4a3f63", "#f2545b", "#f7f3f5"]],
  Crime: [["#1b1b1e", "#8a0f1c", "#f6a821", "#fdf7ee"], ["#202c39", "#54677d", "#f29559", "#f8f4ea"]],
  Mystery: [["#1c2b42", "#44648a", "#efe3c2", "#f6efdc"], ["#22223b", "#5a567c", "#f2c6a0", "#f7ede2"]],
  "Sci-Fi": [["#0b132b", "#26407a", "#5bd1c8", "#e6fdfd"], ["#16092e", "#5a189a", "#ff9e00", "#fdf2ff"]],
  Fantasy: [["#2a1c58", "#7349bd", "#f6c453", "#f8f2ff"], ["#0f3d3e", "#2f7f79", "#f4d58d", "#f3fbf4"]],
  Animation: [["#2667e0", "#ffbe0b", "#ff3d81", "#ffffff"], ["#0f9d8a", "#ffd23f", "#ee4266", "#fdfffc"]],
  Family: [["#10577a", "#ffb703", "#fb8500", "#f4fbff"], ["#2e7d4f", "#ffd166", "#ef6f6c", "#f7fff9"]],
  Comedy: [["#f6b600", "#f1631d", "#fff1cf", "#2a1702"], ["#f28482", "#84a59d", "#fff3e2", "#33191b"], ["#ffd9a0", "#e4572e", "#17bebb", "#26140a"]],
  Musical: [["#d8266f", "#6a0f98", "#fbe9a0", "#fff6fb"]],
  Music: [["#301a4b", "#b5179e", "#ffd166", "#fff5fb"]],
  Romance: [["#f8c8cf", "#c9587f", "#fff2ef", "#421427"], ["#7d2a4d", "#d9668b", "#ffd9c7", "#fff4f0"]],
  War: [["#3d4420", "#242516", "#cbb581", "#f4edda"], ["#3a3632", "#6b5b4b", "#d98e4a", "#f6efe4"]],
  Western: [["#c0532f", "#7c2f1d", "#ffcf9e", "#fff3e4"]],
  Action: [["#b30d0d", "#3c0712", "#ffba08", "#fff6e8"], ["#12263a", "#c5283d", "#f7b538", "#f5f7fa"]],
  Adventure: [["#22505a", "#e07a2f", "#efcf7d", "#fffaf0"], ["#7a4419", "#d9a05b", "#fbe8c8", "#fff8ea"]],
  Documentary: [["#ece6d8", "#b0a58f", "#d1452b", "#22201c"], ["#dfe5e3", "#8fa9a5", "#15616d", "#1a2322"]],
  Biography: [["#e6d6bd", "#a8763e", "#5a2a27", "#2c1a12"], ["#4f3b2f", "#a9805b", "#f0d9a8", "#fdf6ea"]],
  History: [["#5c3d26", "#b38a58", "#f1dca7", "#fff8ec"]],
  Sport: [["#055c4c", "#12977b", "#f4d35e", "#f7fffb"], ["#0c3b7c", "#2f7de1", "#ff7f11", "#f6faff"]],
  Drama: [["#24363f", "#5d7682", "#d8b98f", "#f5f4ef"], ["#57424a", "#a3767f", "#f0d2b6", "#fff7f1"], ["#e5ddcf", "#9aa6a0", "#b5533c", "#292622"]],
};
const FOOT = 266; // below it is the name of who made the film, on the ground's colour
// Units of a line's height, and letters of a line, by face and by length of the title (films.css has the sizes).
const SIZES = {
  "": { "-1": [45, 7], 0: [32, 12], 1: [24, 16] },
  serif: { "-1": [37, 8], 0: [27, 11], 1: [20, 15] },
  plain: { "-1": [34, 8], 0: [24, 12], 1: [20, 15] },
};
const FACES = { Drama: "serif", Romance: "serif", Biography: "serif", History: "serif", Fantasy: "serif", Documentary: "plain", Comedy: "plain", Family: "plain", Animation: "plain" };

function random(text) {
  let seed = 2166136261;
  for (const letter of text) seed = Math.imul(seed ^ letter.codePointAt(0), 16777619);
  return () => {
    seed = Math.imul(seed ^ (seed >>> 15), 2246822507);
    seed = Math.imul(seed ^ (seed >>> 13), 3266489909);
    return ((seed ^= seed >>> 16) >>> 0) / 4294967296;
  };
}

const circle = (cx, cy, r, fill, more = {}) => s("circle", { cx, cy, r, fill, ...more });
const rect = (x, y, width, height, fill, more = {}) => s("rect", { x, y, width, height, fill, ...more });
const path = (d, fill, more = {}) => s("path", { d, fill, ...more });

// Each draws on 200 x 300, in shape `a` and accent `b`, and leaves room for the title at the top or the bottom.
const DRAWINGS = [
  function sun(r, a, b) {
    const y = 130 + r() * 50;
    const bars = Array.from({ length: 7 }, (_, i) => rect(0, y + 18 + i * 24, 200, 6 + i * 2.4, a));
    return [circle(60 + r() * 80, y, 52 + r() * 14, b), ...bars];
  },
  function arches(r, a, b) {
    const x = r() < 0.5 ? 0 : 200;
    return Array.from({ length: 6 }, (_, i) => circle(x, 300, 245 - i * 40, "none", { stroke: i === 2 ? b : a, "stroke-width": 21 }));
  },
  function stairs(r, a, b) {
    const lit = Math.floor(r() * 4) + 1;
    return Array.from({ length: 6 }, (_, i) => rect(i * 34 - 4, 270 - i * 30 - 10, 210, 34, i === lit ? b : a, { opacity: i === lit ? 1 : 0.35 + i * 0.12 }));
  },
  function windows(r, a, b) {
    const lit = Math.floor(r() * 24);
    return Array.from({ length: 24 }, (_, i) => rect(18 + (i % 4) * 44, 78 + Math.floor(i / 4) * 34, 32, 23, i === lit ? b : a, { opacity: i === lit ? 1 : 0.55 }));
  },
  function split(r, a, b) {
    const slope = 90 + r() * 70;
    return [path(`M0 ${slope} L200 ${slope + 70 - r() * 140} V300 H0Z`, a), circle(55 + r() * 90, 150, 34, b)];
  },
  function waves(r, a, b) {
    const line = (y, fill) => path(`M0 ${y} C40 ${y - 34} 66 ${y + 34} 108 ${y} S168 ${y - 30} 200 ${y} V300 H0Z`, fill);
    return [circle(50 + r() * 100, 104, 30, b), line(150, a), ...[182, 214, 246].map((y, i) => path(`M0 ${y} C40 ${y - 30} 66 ${y + 30} 108 ${y} S168 ${y - 26} 200 ${y}`, "none", { stroke: b, "stroke-width": 2.5, opacity: 0.7 - i * 0.18 }))];
  },
  function eye(r, a, b) {
    const y = 148 + r() * 24;
    return [path(`M8 ${y} Q100 ${y - 92} 192 ${y} Q100 ${y + 92} 8 ${y}Z`, a), circle(100, y, 35, b), circle(100, y, 14, "#0009")];
  },
  function dots(r, a, b) {
    const centre = [40 + r() * 120, 120 + r() * 80];
    return Array.from({ length: 70 }, (_, i) => {
      const [x, y] = [14 + (i % 7) * 29, 66 + Math.floor(i / 7) * 24];
      const near = Math.hypot(x - centre[0], y - centre[1]);
      return circle(x, y, Math.max(1.5, 12 - near / 9), near < 34 ? b : a);
    });
  },
  function peaks(r, a, b) {
    const [left, right] = [40 + r() * 40, 120 + r() * 40];
    return [circle(right - 12, 104, 26, b), path(`M-20 300 L${left} 132 L150 300Z`, a), path(`M60 300 L${right} 168 L240 300Z`, a, { opacity: 0.7 })];
  },
  function beam(r, a, b) {
    const x = r() < 0.5 ? 20 : 180;
    return [path(`M${x} 84 L${100 - x * 0.5} 300 L${250 - x * 0.5} 300Z`, b, { opacity: 0.9 }), circle(x, 84, 17, a), rect(0, 258, 200, 42, a, { opacity: 0.85 })];
  },
];

export function poster(film) {
  const genres = film.genres?.length ? film.genres : ["Drama"];
  const r = random(`${film.title} ${film.year}`);
  const genre = genres.find((g) => PALETTES[g] && g !== "Drama") ?? "Drama";
  const [ground, shape, accent, ink] = PALETTES[genre][Math.floor(r() * PALETTES[genre].length)];
  const drawing = DRAWINGS[Math.floor(r() * DRAWINGS.length)];
  const drawn = drawing(r, shape, accent);
  const face = r() < 0.75 ? (FACES[genre] ?? "") : "serif";
  const lower = s("g", { transform: `translate(0 ${below(film.title, face)})` }, ...drawn);
  const art = s("svg", { viewBox: "0 0 200 300", preserveAspectRatio: "xMidYMid slice" }, lower, rect(0, FOOT, 200, 300 - FOOT, ground));
  const element = h("div", { class: `poster top ${face}`, "aria-hidden": "true", "data-long": length(film.title) }, art,
    h("div", { class: "name", dir: "auto" }, film.title), h("div", { class: "by" }, film.directors?.[0] ?? String(film.year)));
  [ground, shape, accent, ink].forEach((colour, i) => element.style.setProperty(`--p${i}`, colour));
  return element;
}

// How far a drawing moves down so that the title's lines stand on the ground above it.
function below(title, face) {
  const [size, width] = SIZES[face][length(title)];
  let [lines, room] = [1, width];
  for (const word of title.split(/\s+/)) {
    if (word.length > room && room < width) [lines, room] = [lines + 1, width];
    room -= word.length + 1;
  }
  return Math.max(0, Math.min(90, 16 + lines * size - 74));
}

function length(title) {
  const word = Math.max(...title.split(/[\s-]+/).map((w) => w.length));
  if (title.length > 34 || word > 11) return "1";
  return title.length <= 7 ? "-1" : "0";
}
