using System.Net.Http.Json;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Everything that the Api returns about its images.</summary>
internal sealed class ApiReader(HttpClient http)
{
    public Task<List<ImageDto>> ImagesAsync() => http.GetAllAsync<ImageDto>("/api/images?limit=200&archived=all");

    /// <summary>The entries about images.</summary>
    public async Task<List<AuditEntryDto>> AuditAsync() => [.. (await http.GetAllAsync<AuditEntryDto>("/api/audit?limit=200")).Where(one => one.ImageId is not null)];

    /// <summary>What a verification of the audit log's hash chain finds.</summary>
    public async Task<AuditVerificationDto> VerifyAuditAsync()
    {
        using var answer = await http.PostAsync(new Uri("/api/audit/verify", UriKind.Relative), null);
        return await answer.ReadAsync<AuditVerificationDto>();
    }

    public Task<List<DeliveryDto>> DeliveriesAsync(Guid webhook) => http.GetAllAsync<DeliveryDto>($"/api/webhooks/{webhook}/deliveries?limit=200");

    public Task<IReadOnlyList<DailyReportDto>> ReportsAsync() => http.GetItemsAsync<DailyReportDto>(
        $"/api/reports/daily?to={TimeProvider.System.GetUtcNow().AddDays(1):yyyy-MM-dd}"); // the clock may have been set forward

    /// <summary>Messages that are still to be delivered, and dead letters.</summary>
    public async Task<(long Waiting, long Dead)> DepthAsync()
    {
        var all = await http.GetItemsAsync<SubscriptionDto>("/api/operations/subscriptions");
        return (all.Sum(one => one.Active + one.InFlight + one.Scheduled), all.Sum(one => one.DeadLettered));
    }

    public async Task<byte[]?> ContentAsync(Guid image)
    {
        using var answer = await http.GetAsync(new Uri($"/api/images/{image}/content", UriKind.Relative));
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync() : null;
    }

    public async Task<Guid> CreateWebhookAsync(string url)
    {
        using var answer = await http.PostAsJsonAsync("/api/webhooks", new { url, types = new[] { "image.analyzed", "image.rejected", "image.failed", "image.deleted" } });
        return (await answer.ReadAsync<WebhookDto>()).Id;
    }
}
