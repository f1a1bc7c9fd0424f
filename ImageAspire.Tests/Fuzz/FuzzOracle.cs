using System.Text.Json;

namespace ImageAspire.Tests.Fuzz;

/// <summary>What no answer may be, whatever was asked.</summary>
internal static class FuzzOracle
{
    // Limits that many clients at once reach: refused for a while, and said so.
    private static readonly HashSet<string> Limits = ["busy", "upload-quota", "too-many-uploads"];

    // Of every operation: what comes before it.
    private static readonly HashSet<int> BeforeTheOperation = [400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 429, 431];

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public static async Task<string?> ComplaintAsync(FuzzOperation operation, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (status < 400)
            return operation.Statuses.Contains(status) ? null : $"{status} is not in the OpenAPI document";
        if (operation.Method == HttpMethod.Head)
            return status >= 500 && answer.Headers.RetryAfter is null ? $"{status}" : null;
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (status >= 500)
            return Limits.Contains(CodeOf(body) ?? "") ? null : $"{status}: {body}";
        if (!operation.Statuses.Contains(status) && !BeforeTheOperation.Contains(status))
            return $"{status} is not in the OpenAPI document: {body}";
        // The server itself refuses what is no request, without a body, and closes the connection.
        if (body.Length == 0 && (status is 400 or 414 or 431) && answer.Headers.ConnectionClose == true)
            return null;
        return CodeOf(body) is null ? $"{status} has no problem with a code: {body}" : null;
    }

    /// <summary>What is wrong with the first line of an answer to a damaged request; null when nothing is.</summary>
    public static string? ComplaintAboutLine(string line) =>
        line.Split(' ') is [_, var status, ..] && status is ['5', ..] and not ("501" or "505") ? line : null; // an unknown transfer coding, an unknown version of HTTP

    private static string? CodeOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
