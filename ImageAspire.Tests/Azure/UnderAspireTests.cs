#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ImageAspire.Tests.Embedded;
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

        using var photo = new ByteArrayContent(TestImages.Jpeg(640, 480));
        photo.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var accepted = await client.PostAsync(new Uri("/api/images", UriKind.Relative), photo, limit.Token);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var image = (await ReadAsync(accepted, limit.Token)).GetProperty("id").GetString();

        await Eventually.TrueAsync(async () => (await GetAsync(client, $"/api/images/{image}", limit.Token)).GetProperty("status").GetString() == "analyzed", Patience);
        await Eventually.TrueAsync(async () => (await GetAsync(client, $"/api/audit?image={image}", limit.Token)).GetProperty("items").GetArrayLength() >= 3, Patience);
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await ReadAsync(response, cancellationToken);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var json = await JsonDocument.ParseAsync(body, default, cancellationToken);
        return json.RootElement.Clone();
    }
}
