namespace ImageAspire.Api.Http;

/// <summary>Problem details (RFC 9457) with a stable code.</summary>
/// <param name="Type">A URI reference that names the kind of problem.</param>
/// <param name="Title">The kind of problem, in a few words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code, for example <c>too-large</c>.</param>
/// <param name="Detail">What is wrong with this request, and what to do.</param>
/// <param name="TraceId">Trace of the request.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Code, string Detail, string? TraceId = null);
