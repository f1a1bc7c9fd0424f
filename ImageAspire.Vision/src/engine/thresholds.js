/** Least confidence of a class: with these, four of five claims are true in what was measured (docs/vision.md). */
const USUAL = 0.4;

/** The model is surer of these than its numbers say: its weaker claims are mostly true, too. @type {Readonly<Record<string, number>>} */
const SURER = { person: 0.3, car: 0.3, truck: 0.3, bird: 0.35 };

/** @param {string} name */
export const thresholdOf = (name) => SURER[name] ?? USUAL;
