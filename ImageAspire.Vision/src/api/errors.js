/** An answer that is not 200, in the shape of the public API: `{ error: { code, message, innererror? } }`. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status.
   * @param {string} code The outer code.
   * @param {string} message For people.
   * @param {string} [inner] The precise code.
   * @param {Record<string, string>} [headers] More headers.
   */
  constructor(status, code, message, inner, headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = inner;
    this.headers = headers;
  }

  get body() {
    const error = { code: this.code, message: this.message };
    return { error: this.inner ? { ...error, innererror: { code: this.inner, message: this.message } } : error };
  }

  /** Errors cross the border between threads as plain data. */
  get data() {
    return [this.status, this.code, this.message, this.inner, this.headers];
  }

  static #request = (inner, message) => new ApiError(400, 'InvalidRequest', message, inner);

  static badArgument = (message) => ApiError.#request('BadArgument', message);
  static feature = (name) => ApiError.#request('NotSupportedVisualFeature', `The feature '${name}' is not supported.`);
  static language = (name) => ApiError.#request('NotSupportedLanguage', `The language '${name}' is not supported; this service speaks English (en).`);
  static imageUrl = (message) => ApiError.#request('InvalidImageUrl', message);
  static imageSize = (message) => ApiError.#request('InvalidImageSize', message);

  /** @param {unknown} why Whatever the decoder said; its first line is told. */
  static imageFormat = (why) => ApiError.#request('InvalidImageFormat',
    `The bytes are no image that can be read (JPEG, PNG, GIF, WebP or TIFF): ${String(why?.message ?? why).split('\n')[0].slice(0, 200)}`);

  static apiVersion = (version, known) => new ApiError(400, 'UnsupportedApiVersion',
    `The api-version '${version}' is not supported; known are ${known.join(' and ')}.`);
  static unauthorized = () => new ApiError(401, '401', 'Access denied due to invalid subscription key or wrong API endpoint.');
  static notFound = () => new ApiError(404, '404', 'Resource not found');
  static mediaType = (type) => new ApiError(415, 'UnsupportedMediaType', `The content type '${type}' is not application/octet-stream or application/json.`);
  static busy = () => new ApiError(503, 'ServiceUnavailable', 'The service is busy. Try again later.', undefined, { 'retry-after': '1' });
  static starting = () => new ApiError(503, 'ServiceUnavailable', 'The service is starting.', undefined, { 'retry-after': '2' });
  static timeout = (seconds) => new ApiError(500, 'InternalServerError', `The analysis took longer than ${seconds} s.`, 'Timeout');
  static failed = () => new ApiError(500, 'InternalServerError', 'The analysis failed.', 'FailedToProcess');
}
