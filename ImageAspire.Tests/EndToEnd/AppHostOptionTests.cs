using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>What the AppHost refuses at its start, and what it does without.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AppHostOptionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--api-port")]
    [InlineData("--dashboard-port")]
    public async Task Start_PortTaken_SaysWhichAndWhatToDo(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var app = AppHostProcess.Launch(_folder.Root, option, $"{port}");

        (await app.ExitAsync()).ShouldBe(1);
        app.Lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.ShouldContain($"{port}"), line => line.ShouldContain(option));
    }

    [Fact]
    public async Task Start_StoredKeyTruncated_NamesFileAndRemedy()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "api-key"), "cut-off\n");

        await using var app = AppHostProcess.Launch(_folder.Root);

        (await app.ExitAsync()).ShouldBe(1);
        app.Lines.ShouldHaveSingleItem().ShouldContain(Path.Combine(_folder.Root, "api-key"));
    }

    [Theory]
    [InlineData("nineteen-characters")]
    [InlineData("two words that are long enough")]
    public async Task Start_BadApiKey_SaysWhatItMustBeAndDoesNotShowIt(string key)
    {
        await using var app = AppHostProcess.Launch(_folder.Root, "--api-key", key);

        (await app.ExitAsync()).ShouldBe(1);
        app.Lines.ShouldHaveSingleItem().ShouldContain("ImageAspire:ApiKey");
        app.Output.ShouldNotContain(key);
    }

    [Theory]
    [InlineData("--workers", "33", "ImageAspire:Workers", "33")]
    [InlineData("--dashboard-port", "0", "ImageAspire:DashboardPort", "'0'")]
    [InlineData("--backend", "Moon", "ImageAspire:Backend", "Moon")]
    [InlineData("--worker", "2", "--worker")]
    [InlineData("--data=/proc/no", "--workers=2", "/proc/no")]
    public async Task Start_BadOption_SaysWhichAndStartsNothing(string option, string value, params string[] named)
    {
        await using var app = AppHostProcess.Launch(_folder.Root, option, value);

        (await app.ExitAsync()).ShouldBe(1);
        foreach (var text in named)
            app.Output.ShouldContain(text);
        app.Output.ShouldNotContain("   at ");
        app.Lines.ShouldNotContain(line => line.StartsWith("info: ", StringComparison.Ordinal), app.Output); // no host was there that could log
    }

    [Fact]
    public async Task Start_NoHomeFolderAndNoModels_SaysWhatHelpsAndMeasures()
    {
        Requires.Linux();
        var nothing = Directory.CreateDirectory(Path.Combine(_folder.Root, "no-programs")).FullName;
        var environment = new Dictionary<string, string> { ["HOME"] = Path.Combine(_folder.Root, "nowhere"), ["PATH"] = nothing, ["DOTNET_ROOT"] = Path.GetDirectoryName(AppHostProcess.Dotnet)!, ["Vision__Models"] = nothing };
        await using var app = await AppHostProcess.Launch(_folder.Root, environment, "--vision", "local").RunsAsync();
        using var client = app.Client();

        app.Lines.Single(line => line.StartsWith("Vision is off", StringComparison.Ordinal)).ShouldContain("dotnet build ImageAspire.Vision -t:InstallModels");
        var id = (await UploadAsync(client, TestImages.Jpeg())).ShouldNotBeNull();
        await Eventually.TrueAsync(async () => (await client.GetStringAsync(new Uri($"/api/images/{id}", UriKind.Relative))).Contains("\"provider\":\"built-in\""));
    }

    // The id of an image that was accepted; null when the Api was gone or going.
    private static async Task<Guid?> UploadAsync(HttpClient client, byte[] file)
    {
        using var body = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        try
        {
            using var answer = await client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return null;
            return (await answer.ReadAsync<ImageDto>()).Id;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
