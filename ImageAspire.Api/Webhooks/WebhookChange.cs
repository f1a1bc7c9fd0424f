using System.Text.Json;
using ImageAspire.Api.Http;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Api.Webhooks;

/// <summary>What a caller says about a webhook; what is absent stays as it is, or gets its default.</summary>
/// <param name="Url">Absolute http or https address; needed for a new webhook.</param>
/// <param name="Types">Event types: image.analyzed, image.rejected, image.failed, image.deleted; default: all of them.</param>
/// <param name="Enabled">False: nothing is sent; default: true.</param>
public sealed record WebhookChange(string? Url = null, IReadOnlyList<string>? Types = null, bool? Enabled = null)
{
    private const int MaxBody = 16 * 1024;
    private const int MaxUrl = 2048;
    private const int MaxShown = 50;

    /// <summary>Reads and checks one; the problem when it is none.</summary>
    internal static async Task<(WebhookChange? Change, ProblemResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (json, problem) = await JsonBody.ReadObjectAsync(request, MaxBody, "url, types or enabled", cancellationToken);
        if (json is null)
            return (null, problem);
        using (json)
        {
            var change = new WebhookChange();
            foreach (var member in json.RootElement.EnumerateObject())
            {
                (change, problem) = Read(change, member.Name, member.Value);
                if (problem is not null)
                    return (null, problem);
            }

            return (change, null);
        }
    }

    /// <summary>The new webhook.</summary>
    internal Webhook Create(string actor, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), Version = 1, Url = Url!, Types = Types ?? Webhook.AllTypes, Enabled = Enabled ?? true,
        Secret = WebhookSignature.NewSecret(), CreatedAt = now, CreatedBy = actor,
    };

    /// <summary>The webhook after the change; the same object when nothing changes.</summary>
    internal Webhook Apply(Webhook before)
    {
        var after = before with
        {
            Url = Url ?? before.Url, Types = Types ?? before.Types, Enabled = Enabled ?? before.Enabled,
            DisabledReason = Enabled is null ? before.DisabledReason : null,
        };
        return after == before ? before : after with { Version = before.Version + 1 };
    }

    private static (WebhookChange Change, ProblemResult? Problem) Read(WebhookChange change, string name, JsonElement value) => name switch
    {
        "url" => ReadUrl(change, value),
        "types" => ReadTypes(change, value),
        "enabled" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => (change with { Enabled = value.GetBoolean() }, null),
        "enabled" => (change, Problems.BadRequest(ProblemCodes.InvalidParameter, "enabled must be true or false.")),
        _ => (change, Problems.BadRequest(ProblemCodes.UnknownMember, $"A webhook has no '{Shorten(name)}' that can be set. Members that can be: url, types, enabled.")),
    };

    private static (WebhookChange Change, ProblemResult? Problem) ReadUrl(WebhookChange change, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return UrlProblem(text) is { } wrong
            ? (change, Problems.BadRequest(ProblemCodes.InvalidUrl, $"url {wrong}"))
            : (change with { Url = text }, null);
    }

    // Whether the address is public is looked at when it is used: names change what they lead to.
    private static string? UrlProblem(string text)
    {
        if (text.Length is 0 or > MaxUrl)
            return $"must be a text of 1 to {MaxUrl} characters.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || text.Any(char.IsControl))
            return "must be absolute, for example https://example.com/hooks.";
        if (url.Scheme is not ("https" or "http"))
            return $"must begin with https:// (or http://), not with '{Shorten(url.Scheme)}:'.";
        if (url.Host.Length == 0)
            return "must name a host.";
        if (url.UserInfo.Length > 0)
            return "must not hold a user or password; deliveries are signed instead.";
        return url.Fragment.Length > 0 ? "must not have a fragment (#…); it would never be sent." : null;
    }

    private static (WebhookChange Change, ProblemResult? Problem) ReadTypes(WebhookChange change, JsonElement value)
    {
        var known = string.Join(", ", Webhook.AllTypes);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            return (change, Problems.BadRequest(ProblemCodes.InvalidParameter, $"types must be a list of at least one of {known}. Leave it out for all of them."));
        var types = new List<string>();
        foreach (var one in value.EnumerateArray())
        {
            var type = one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText();
            if (!Webhook.AllTypes.Contains(type, StringComparer.Ordinal))
                return (change, Problems.BadRequest(ProblemCodes.UnknownEventType, $"types: '{Shorten(type)}' is none that webhooks are told of. There are: {known}."));
            if (!types.Contains(type, StringComparer.Ordinal))
                types.Add(type);
        }

        return (change with { Types = types }, null);
    }

    private static string Shorten(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
