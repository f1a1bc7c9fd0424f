using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Http;

/// <summary>
/// Declares the JSON object that an endpoint reads: its members, how each is parsed and where it goes. An absent member leaves the value
/// unchanged (as in a merge patch, RFC 7396); an unknown or invalid one is a problem that names it.
/// </summary>
/// <param name="empty">The value of a body without members.</param>
/// <param name="maxBytes">Longest body, in bytes.</param>
internal sealed class JsonBody<T>(T empty, int maxBytes)
    where T : class
{
    private const int MaxDepth = 8;
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];
    private readonly Dictionary<string, Func<T, JsonElement, Parsed<T>>> _members = [];
    private string[] _mediaTypes = [];
    private bool _isOptional;

    private string Members => string.Join(", ", _members.Keys);

    /// <summary>Adds a member.</summary>
    /// <param name="name">Name in the JSON.</param>
    /// <param name="parse">Parses its value, or names the problem; see <see cref="JsonValues"/>.</param>
    /// <param name="set">The object with the parsed value.</param>
    public JsonBody<T> Member<TValue>(string name, Func<string, JsonElement, Parsed<TValue>> parse, Func<T, TValue, T> set)
    {
        _members.Add(name, (before, json) =>
        {
            var parsed = parse(name, json);
            return parsed.Problem is null ? set(before, parsed.Value!) : parsed.Problem;
        });
        return this;
    }

    /// <summary>Requires one of these media types; 415 for others. Without it the endpoint's metadata decides.</summary>
    public JsonBody<T> OfType(params string[] mediaTypes)
    {
        _mediaTypes = mediaTypes;
        return this;
    }

    /// <summary>Accepts a request without a body.</summary>
    public JsonBody<T> Optional()
    {
        _isOptional = true;
        return this;
    }

    /// <summary>Reads the body of a request.</summary>
    public async Task<Parsed<T>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (_isOptional && (request.ContentLength == 0 || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false))
            return empty;
        if (_mediaTypes.Length > 0 && (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !_mediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)))
            return Problems.Of(415, ProblemCodes.UnsupportedMediaType, $"Send {_mediaTypes[0]}.");
        var body = new byte[maxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return length > maxBytes ? Problems.Of(413, ProblemCodes.TooLarge, $"This body may have {maxBytes / 1024} KiB at most.") : Parse(body.AsMemory(0, length));
    }

    private Parsed<T> Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        try
        {
            if (!IsText(body.Span))
                return Problems.BadRequest(ProblemCodes.MalformedJson, "The body has text that is not Unicode: bytes that are not UTF-8, or half of a surrogate pair.");
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? ParseMembers(json.RootElement)
                : Problems.BadRequest(ProblemCodes.MalformedJson, $"The body must be a JSON object with {Members}.");
        }
        catch (JsonException error)
        {
            return Problems.BadRequest(ProblemCodes.MalformedJson, $"The body is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        }
    }

    // JSON can escape what is no text ("\ud800"). Nothing but reading it shows that; it must fail here, and not in a parser of a member.
    private static bool IsText(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
            return false;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                    _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private Parsed<T> ParseMembers(JsonElement root)
    {
        var value = empty;
        foreach (var member in root.EnumerateObject())
        {
            if (!_members.TryGetValue(member.Name, out var parse))
                return Problems.BadRequest(ProblemCodes.UnknownMember, $"'{JsonValues.Shorten(member.Name)}' is not a member that can be set. Members that can be: {Members}.");
            if (parse(value, member.Value) is var parsed && parsed.Problem is not null)
                return parsed;
            value = parsed.Value!;
        }

        return value;
    }
}
