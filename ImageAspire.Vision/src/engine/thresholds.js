/** Least confidence of a class, from the measurement in docs/vision.md. */
const USUAL = 0.35;

/** Classes that the model often sees where there are none. @type {Readonly<Record<string, number>>} */
const STRICTER = {};

/** @param {string} name */
export const thresholdOf = (name) => STRICTER[name] ?? USUAL;
