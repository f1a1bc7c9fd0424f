import { ApiError } from './errors.js';

/** @typedef {{ features: string[], aspectRatios: number[] }} AnalyzeRequest */

export const API_VERSIONS = ['2023-10-01', '2024-02-01'];
const FEATURES = ['tags', 'caption', 'denseCaptions', 'objects', 'read', 'smartCrops', 'people'];
const MAX_RATIOS = 10;

/**
 * Reads the query of `imageanalysis:analyze`.
 * @param {URLSearchParams} query
 * @returns {AnalyzeRequest}
 * @throws {ApiError} 400
 */
export function parseQuery(query) {
  const version = query.get('api-version') ?? '';
  if (!API_VERSIONS.includes(version)) throw ApiError.apiVersion(version, API_VERSIONS);
  const language = query.get('language') || 'en';
  if (language !== 'en') throw ApiError.language(language);
  const model = query.get('model-version') || 'latest';
  if (model !== 'latest') throw ApiError.badArgument(`The model-version '${model}' is not known; this service has 'latest' only.`);
  const neutral = query.get('gender-neutral-caption') || 'false';
  if (!['true', 'false'].includes(neutral.toLowerCase())) throw ApiError.badArgument(`gender-neutral-caption is 'true' or 'false', not '${neutral}'.`);
  return { features: featuresOf(query), aspectRatios: ratiosOf(query) };
}

function featuresOf(query) {
  const names = list(query, 'features');
  if (names.length === 0) throw ApiError.badArgument(`The parameter features is missing; name one or more of ${FEATURES.join(', ')}.`);
  return names.map((name) => {
    const known = FEATURES.find((one) => one.toLowerCase() === name.toLowerCase());
    if (!known) throw ApiError.feature(name.slice(0, 100));
    return known;
  });
}

function ratiosOf(query) {
  const ratios = list(query, 'smartcrops-aspect-ratios').map(Number);
  if (ratios.length > MAX_RATIOS || !ratios.every((ratio) => ratio >= 0.75 && ratio <= 1.8)) {
    throw ApiError.badArgument(`smartcrops-aspect-ratios has up to ${MAX_RATIOS} numbers from 0.75 to 1.8.`);
  }
  return ratios;
}

/** Values of a parameter that is written with commas, or several times. */
const list = (query, name) => query.getAll(name).flatMap((value) => value.split(',')).map((value) => value.trim()).filter((value) => value !== '');
