using System.Net.Http.Json;
using System.Text.Json;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>An entry of the audit log about an image.</summary>
internal sealed record AuditLine(Guid EventId, string Type, Guid Image, string Actor, long Version, long Bytes);

/// <summary>A record, as far as it is checked.</summary>
internal sealed record RecordLine(Guid Id, string Sha256, long Version, string Status, string? Change, IReadOnlyList<(int Size, string ContentType)> Thumbnails);

/// <summary>What the Api says when it is asked for everything.</summary>
internal sealed class Answers(HttpClient http)
{
    public async Task<List<RecordLine>> RecordsAsync() => [.. (await AllAsync("/api/images?limit=200&archived=all")).Select(one => new RecordLine(
        one.GetProperty("id").GetGuid(), one.GetProperty("sha256").GetString()!, one.GetProperty("version").GetInt64(), one.GetProperty("status").GetString()!,
        one.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).FirstOrDefault(),
        [.. one.GetProperty("thumbnails").EnumerateArray().Select(t => (t.GetProperty("size").GetInt32(), t.GetProperty("contentType").GetString()!))]))];

    public async Task<List<AuditLine>> AuditAsync() => [.. (await AllAsync("/api/audit?limit=200")).Where(one => one.TryGetProperty("imageId", out _))
        .Select(one => new AuditLine(one.GetProperty("eventId").GetGuid(), one.GetProperty("type").GetString()!, one.GetProperty("imageId").GetGuid(),
            one.GetProperty("actor").GetString()!, one.GetProperty("data").GetProperty("version").GetInt64(), one.GetProperty("data").GetProperty("bytes").GetInt64()))];

    /// <summary>State and event of each delivery.</summary>
    public async Task<List<(Guid EventId, string State)>> DeliveriesAsync(Guid webhook) => [.. (await AllAsync($"/api/webhooks/{webhook}/deliveries?limit=200"))
        .Select(one => (one.GetProperty("eventId").GetGuid(), one.GetProperty("state").GetString()!))];

    public async Task<Dictionary<string, long>> ReportAsync()
    {
        var days = (await GetAsync("/api/reports/daily")).GetProperty("items").EnumerateArray().ToList();
        return new[] { "received", "bytes", "analyzed", "rejected", "failed", "deleted" }.ToDictionary(name => name, name => days.Sum(day => day.GetProperty(name).GetInt64()));
    }

    /// <summary>Messages that somebody will still come for, and those that were given up.</summary>
    public async Task<(long Waiting, long Dead)> DepthAsync()
    {
        var all = (await GetAsync("/api/operations/subscriptions")).GetProperty("items").EnumerateArray().ToList();
        return (all.Sum(one => one.GetProperty("active").GetInt64() + one.GetProperty("inFlight").GetInt64() + one.GetProperty("scheduled").GetInt64()),
            all.Sum(one => one.GetProperty("deadLettered").GetInt64()));
    }

    public async Task<byte[]?> ContentAsync(Guid image)
    {
        using var answer = await http.GetAsync(new Uri($"/api/images/{image}/content", UriKind.Relative));
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync() : null;
    }

    public async Task<Guid> MakeWebhookAsync(string url)
    {
        using var answer = await http.PostAsJsonAsync("/api/webhooks", new { url, types = new[] { "image.analyzed", "image.rejected", "image.failed", "image.deleted" } });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private Task<JsonElement> GetAsync(string path) => http.GetFromJsonAsync<JsonElement>(path);

    private async Task<List<JsonElement>> AllAsync(string path)
    {
        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return items;
    }
}
