using System.Net.Http.Headers;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;
using ImageAspire.Tests.Vision;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>One running system with <c>--backend Azure</c> on its emulators, and Aspire's dashboard, for all tests that leave it as they found it.</summary>
public sealed class AzureSystem : IAsyncLifetime
{
    private const string Seen = """{"modelVersion":"test","metadata":{"width":640,"height":480},"tagsResult":{"values":[{"name":"harbour","confidence":0.9}]}}""";
    private const string Vector = """{"modelVersion":"test/1","vector":[0.6,0.8,0,0,0,0,0,0]}""";
    private readonly TempFolder _folder = new();
    private FakeVisionService _vision = null!;

    /// <summary>Whether the vision service refuses images.</summary>
    internal bool RefusesImages { get; set; }

    internal AppHostProcess App { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!IsPossible)
            return;
        _vision = await FakeVisionService.StartAsync(AnswerAsync);
        App = await AppHostProcess.Launch(_folder.Root, new Dictionary<string, string>
        {
            ["Vision__Endpoint"] = _vision.Address.ToString(), ["Vision__Key"] = "a-key-for-tests",
            ["Webhooks__AllowPrivateAddresses"] = "true", ["Webhooks__Poll"] = "00:00:00.2", ["Messaging__PausePoll"] = "00:00:00.2",
        }, "--backend", "Azure").RunsAsync();
        Client = App.Client();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsPossible)
        {
            Client.Dispose();
            await App.DisposeAsync();
            await _vision.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Skips the test where the emulators cannot run.</summary>
    internal static void Require()
    {
        Requires.Linux();
        NodePackages.Azurite.Require();
    }

    /// <summary>Kills the Api and the Workers; the AppHost starts them again.</summary>
    internal async Task RestartServicesAsync()
    {
        var before = Services();
        before.ForEach(Processes.Kill);
        await Eventually.TrueAsync(() => Services() is { } now && now.Count == before.Count && !now.Intersect(before).Any());
        await Eventually.ResultAsync(() => Client.GetItemsAsync<SubscriptionDto>("/api/operations/subscriptions"));
    }

    internal async Task<ImageDto> UploadAsync(byte[] file, string name = "photo.jpg")
    {
        using var body = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        body.Headers.Add("X-File-Name", Uri.EscapeDataString(name));
        using var answer = await Client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
        return await answer.ReadAsync<ImageDto>();
    }

    /// <summary>Waits until an image has a status.</summary>
    internal async Task<ImageDto> BecomesAsync(Guid id, string status)
    {
        ImageDto record = null!;
        await Eventually.TrueAsync(async () => (record = await Eventually.ResultAsync(() => Client.GetAsync<ImageDto>($"/api/images/{id}"))).Status == status);
        return record;
    }

    internal async Task PostAsync(string path)
    {
        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), null);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer.StatusCode}");
    }

    internal async Task<SubscriptionDto> SubscriptionAsync(string name) =>
        (await Client.GetItemsAsync<SubscriptionDto>("/api/operations/subscriptions")).Single(one => one.Name == name);

    private static bool IsPossible => OperatingSystem.IsLinux() && NodePackages.Azurite.Missing is null;

    // Api and Workers; emulators do not get the settings of others.
    private List<int> Services() => [.. Processes.WithVariable("Vision__Endpoint", _vision.Address.ToString()).Intersect(Processes.WithVariable("Backend", "Azure"))];

    private Task AnswerAsync(HttpContext context) => (context.Request.Path.Value!.Contains("retrieval:", StringComparison.Ordinal) ? FakeVisionService.Json(200, Vector)
        : RefusesImages ? FakeVisionService.Error(400, "ContentRefused") : FakeVisionService.Json(200, Seen))(context);
}

/// <summary>Tests of the Azure backend's system run one after the other, on one system.</summary>
[CollectionDefinition(Name)]
public sealed class WholeAzureSystem : ICollectionFixture<AzureSystem>
{
    public const string Name = "whole system on the Azure backend";
}
