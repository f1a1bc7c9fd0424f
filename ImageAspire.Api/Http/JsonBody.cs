using System.Text.Json;

namespace ImageAspire.Api.Http;

/// <summary>Reads a small JSON object from a request.</summary>
internal static class JsonBody
{
    /// <summary>The object, to be disposed; the problem when the body is too long, not JSON or no object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="most">At most so many bytes.</param>
    /// <param name="members">The members it may have, for the problem's text.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<(JsonDocument? Json, ProblemResult? Problem)> ReadObjectAsync(
        HttpRequest request, int most, string members, CancellationToken cancellationToken)
    {
        var body = new byte[most + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > most)
            return (null, Problems.Of(413, ProblemCodes.TooLarge, $"This body may have {most / 1024} KiB at most."));
        try
        {
            var json = JsonDocument.Parse(body.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 8 });
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return (json, null);
            json.Dispose();
            return (null, Problems.BadRequest(ProblemCodes.MalformedJson, $"The body must be a JSON object with {members}."));
        }
        catch (JsonException error)
        {
            return (null, Problems.BadRequest(ProblemCodes.MalformedJson, $"The body is not JSON: {error.Message}"));
        }
    }
}
