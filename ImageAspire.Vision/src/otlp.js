// The few messages of the OpenTelemetry protocol (opentelemetry-proto 1.x, trace.proto) that a span needs, in protobuf's wire format.

/**
 * @typedef {object} Span
 * @property {string} traceId 32 hexadecimal digits.
 * @property {string} spanId 16 hexadecimal digits.
 * @property {string} [parentId]
 * @property {string} name
 * @property {number} kind 1 internal, 2 server.
 * @property {number} start Milliseconds since 1970.
 * @property {number} end
 * @property {Record<string, unknown>} attributes
 * @property {string} [error] Absent when all went well.
 */

/** The body of `POST /v1/traces`. @param {Record<string, unknown>} resource @param {string} scope @param {Span[]} spans @returns {Buffer} */
export function encodeTraces(resource, scope, spans) {
  const scopeSpans = Buffer.concat([bytes(1, bytes(1, scope)), ...spans.map((span) => bytes(2, encodeSpan(span)))]);
  return bytes(1, Buffer.concat([bytes(1, attributes(1, resource)), bytes(2, scopeSpans)]));
}

function encodeSpan(span) {
  return Buffer.concat([
    bytes(1, Buffer.from(span.traceId, 'hex')), bytes(2, Buffer.from(span.spanId, 'hex')),
    ...(span.parentId ? [bytes(4, Buffer.from(span.parentId, 'hex'))] : []),
    bytes(5, span.name), number(6, span.kind), fixed64(7, span.start), fixed64(8, span.end), attributes(9, span.attributes),
    ...(span.error === undefined ? [] : [bytes(15, Buffer.concat([bytes(2, span.error), number(3, 2)]))]),
  ]);
}

function attributes(field, values) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Buffer.concat(known.map(([key, value]) => bytes(field, Buffer.concat([bytes(1, key), bytes(2, anyValue(value))]))));
}

const anyValue = (value) => (Number.isInteger(value) && value >= 0 ? number(3, value) : bytes(1, String(value)));

function bytes(field, value) {
  const content = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);

/** Nanoseconds. */
function fixed64(field, milliseconds) {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(BigInt(Math.round(milliseconds * 1000)) * 1000n);
  return Buffer.concat([varint(field * 8 + 1), value]);
}

function varint(value) {
  const parts = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...parts, rest]);
    parts.push((rest % 128) + 128);
  }
}
