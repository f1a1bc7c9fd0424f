#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using System.Net;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Azure;

/// <summary>The whole system on emulators in containers.</summary>
public sealed class UnderAspireTests
{
    private const string Key = "a-key-that-only-these-tests-know-0123456789";

    // The first start pulls MongoDB, Azurite, the Service Bus emulator and its SQL Server.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task Upload_OnTheEmulators_IsAnalyzedAndAudited()
    {
        Requires.Containers();
        using var folder = new TempFolder();
        await UploadAndWaitAsync(folder.Root);
    }

    private static async Task UploadAndWaitAsync(string data)
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
        [
            "--backend", "Azure", "--vision", "off", "--data", data, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}",
            "--api-key", Key, "--ImageAspire:Persistent=false",
        ], limit.Token);
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", WaitBehavior.StopOnResourceUnavailable, limit.Token);
        using var client = app.CreateHttpClient("api");
        client.DefaultRequestHeaders.Add("X-API-Key", Key);

        using var content = new ByteArrayContent(TestImages.Jpeg(640, 480));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var accepted = await client.PostAsync(new Uri("/api/images", UriKind.Relative), content, limit.Token);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var image = (await accepted.ReadAsync<ImageDto>(limit.Token)).Id;

        await Eventually.TrueAsync(async () => (await client.GetAsync<ImageDto>($"/api/images/{image}", limit.Token)).Status == "analyzed", Patience);
        await Eventually.TrueAsync(async () => (await client.GetItemsAsync<AuditEntryDto>($"/api/audit?image={image}", limit.Token)).Count >= 3, Patience);
    }
}
