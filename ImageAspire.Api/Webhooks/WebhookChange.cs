using System.Text.Json;
using ImageAspire.Api.Http;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Api.Webhooks;

/// <summary>Settings of a webhook; an absent member stays unchanged, or gets its default.</summary>
/// <param name="Url">Absolute http or https address; required for a new webhook.</param>
/// <param name="Types">Event types: image.analyzed, image.rejected, image.failed, image.deleted, image.restored, image.purged, operations.alarm; default: all about images.</param>
/// <param name="Enabled">False: nothing is sent; default: true.</param>
public sealed record WebhookChange(string? Url = null, IReadOnlyList<string>? Types = null, bool? Enabled = null)
{
    private const int MaxBody = 16 * 1024;
    private const int MaxUrl = 2048;

    /// <summary>The body that it is read from.</summary>
    internal static JsonBody<WebhookChange> Body { get; } = new JsonBody<WebhookChange>(new WebhookChange(), MaxBody)
        .Member("url", ParseUrl, (change, url) => change with { Url = url })
        .Member("types", ParseTypes, (change, types) => change with { Types = types })
        .Member("enabled", JsonValues.Boolean, (change, enabled) => change with { Enabled = enabled });

    /// <summary>The new webhook.</summary>
    internal Webhook Create(string actor, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), Version = 1, Url = Url!, Types = Types ?? Webhook.ImageTypes, Enabled = Enabled ?? true,
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

    // Where it leads is checked by WebhookTarget, and at each delivery: a host name may resolve to another address later.
    private static Parsed<string> ParseUrl(string name, JsonElement json)
    {
        var text = json.TextOrEmpty();
        if (text.Length is 0 or > MaxUrl)
            return Invalid($"must be a text of 1 to {MaxUrl} characters.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || text.Any(char.IsControl))
            return Invalid("must be absolute, for example https://example.com/hooks.");
        if (url.Scheme is not ("https" or "http"))
            return Invalid($"must begin with https:// (or http://), not with '{JsonValues.Shorten(url.Scheme)}:'.");
        if (url.Host.Length == 0)
            return Invalid("must name a host.");
        if (url.UserInfo.Length > 0)
            return Invalid("must not hold a user or password; deliveries are signed instead.");
        return url.Fragment.Length > 0 ? Invalid("must not have a fragment (#…); it would never be sent.") : text;

        ProblemResult Invalid(string reason) => Problems.BadRequest(ProblemCodes.InvalidUrl, $"{name} {reason}");
    }

    private static Parsed<List<string>> ParseTypes(string name, JsonElement json)
    {
        var known = string.Join(", ", Webhook.AllTypes);
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() == 0)
            return Problems.BadRequest(ProblemCodes.InvalidParameter, $"{name} must be a list of at least one of {known}. Leave it out for all about images.");
        var types = json.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText()).Distinct(StringComparer.Ordinal).ToList();
        return types.Find(type => !Webhook.AllTypes.Contains(type, StringComparer.Ordinal)) is { } unknown
            ? Problems.BadRequest(ProblemCodes.UnknownEventType, $"{name}: '{JsonValues.Shorten(unknown)}' is not an event type that webhooks receive. Known types: {known}.")
            : types;
    }
}
