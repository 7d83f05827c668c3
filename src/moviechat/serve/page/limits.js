// The limits that were understood, as words on chips; and what taking one away says in the conversation.

const NUMBERS = {
  year: [(n) => `${n} or later`, (n) => `${n} or earlier`, (n) => `of ${n}`, "year"],
  runtime: [(n) => `at least ${n} min`, (n) => `at most ${n} min`, (n) => `${n} min`, "length"],
  rating: [(n) => `rated ${n.toFixed(1)} or more`, (n) => `rated ${n.toFixed(1)} or less`, (n) => `rated ${n.toFixed(1)}`, "rating"],
  votes: [(n) => `${n.toLocaleString("en")} votes or more`, (n) => `${n.toLocaleString("en")} votes or fewer`, (n) => `${n.toLocaleString("en")} votes`, "number of votes"],
};
const LISTS = {
  genres_all: (v) => v,
  genres_any: (v) => v,
  genres_not: (v) => `no ${v}`,
  people_not: (v) => `not by ${v}`,
  countries_any: (v) => `from ${v}`,
  countries_not: (v) => `not from ${v}`,
  languages_any: (v) => `in ${v}`,
  languages_not: (v) => `not in ${v}`,
};
const PARTS = { director: "directed by", cast: "with", writer: "written by", composer: "music by", any: "with" };

// [{label, lift: [names for the server], said}]
export function chips(limits) {
  return [...numbers(limits), ...lists(limits), ...people(limits.people ?? []), ...age(limits.age_rating_max)];
}

function numbers(limits) {
  return Object.entries(NUMBERS).flatMap(([name, [least, most, exact, noun]]) => {
    const [low, high] = [limits[`${name}_min`], limits[`${name}_max`]];
    if (low === undefined && high === undefined) return [];
    const said = `Forget the ${noun}.`;
    if (low === high) return [{ label: exact(low), lift: [`${name}_min`, `${name}_max`], said }];
    if (name === "year" && low !== undefined && high !== undefined) return [{ label: `${low} to ${high}`, lift: ["year_min", "year_max"], said }];
    const ends = [[low, least, "_min"], [high, most, "_max"]].filter(([n]) => n !== undefined);
    return ends.map(([n, word, end]) => ({ label: word(n), lift: [name + end], said }));
  });
}

function lists(limits) {
  return Object.entries(LISTS).flatMap(([name, word]) =>
    (limits[name] ?? []).map((value) => ({ label: word(value), lift: [`${name}=${value}`], said: lifting(name, value) })));
}

function lifting(name, value) {
  return name.endsWith("_not") ? `${value} is fine after all.` : `It need not be ${value}.`;
}

function people(credits) {
  return credits.map(({ name, role }) => ({ label: `${PARTS[role] ?? "with"} ${name}`, lift: [`people=${name}`], said: `It need not be with ${name}.` }));
}

function age(most) {
  return most ? [{ label: `${most} or milder`, lift: ["age_rating_max"], said: "Forget the age rating." }] : [];
}
