using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Faults;
using ImageAspire.Tests.Faults.Crashes;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Resumable uploads with the official client (tus-js-client), over connections that break and past the death of the Api.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class TusClientTests : IDisposable
{
    private const int Size = 12_000_000;
    private readonly TempFolder _folder = new();
    private readonly byte[] _file = TestImages.Jpeg(seed: 500, padTo: Size);

    public TusClientTests() => File.WriteAllBytes(ImageFile, _file);

    private string ImageFile => Path.Combine(_folder.Root, "photo.jpg");

    private string Urls => Path.Combine(_folder.Root, "urls.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_ConnectionIsCutFiveTimes_GoesOnAndTheBytesAreTheSame()
    {
        NodePackages.TusClient.Require();
        await using var host = new ApiHost();
        await using var proxy = new CuttingProxy(host.Address, after: 1_500_000, cuts: 5);
        using var client = Start(proxy.Address, ApiHost.AllKey);

        var image = await client.ImageAsync();

        proxy.Cuts.ShouldBe(5);
        client.Lines.Count(line => line.StartsWith("PATCH", StringComparison.Ordinal) && line != "PATCH 0").ShouldBeGreaterThan(0, client.Output); // not all from the start
        (await host.Client.GetByteArrayAsync($"/api/images/{image}/content")).ShouldBe(_file);
    }

    [Fact]
    public async Task Upload_ClientIsKilledAndStartedAgain_ResumesFromWhatItRemembers()
    {
        NodePackages.TusClient.Require();
        await using var host = new ApiHost();
        await using var proxy = new CuttingProxy(host.Address, after: 6_500_000, cuts: 1000);
        using (var first = Start(proxy.Address, ApiHost.AllKey, chunk: 4_000_000))
        {
            await first.SaysAsync("retry"); // the first chunk is there, and the connection broke in the second
            first.Kill();
        }

        await using var way = new CuttingProxy(host.Address, after: long.MaxValue, cuts: 0);
        // The client knows an upload by its address too: the same one leads to the Api again.
        await File.WriteAllTextAsync(Urls, (await File.ReadAllTextAsync(Urls)).Replace(proxy.Address.Authority, way.Address.Authority, StringComparison.Ordinal));
        using var second = Start(way.Address, ApiHost.AllKey);
        var image = await second.ImageAsync();

        second.Lines.ShouldContain("remembered 1", second.Output);
        second.Lines.ShouldNotContain("PATCH 0", second.Output);
        (await host.Client.GetByteArrayAsync($"/api/images/{image}/content")).ShouldBe(_file);
    }

#if FAILPOINTS
    [Fact]
    public async Task Upload_ApiIsKilledInTheMiddleAndBetweenCommitAndAnswer_ComesToOneImage()
    {
        NodePackages.TusClient.Require();
        using var system = new CrashSystem(CrashRunFixture.Options(Path.Combine(_folder.Root, "data")));
        using var first = system.StartApi();
        (await system.AnswersAsync(first, CancellationToken.None)).ShouldBeTrue(string.Join('\n', first.Lines));
        using var client = Start(system.Address, CrashSystem.Key, chunk: 1_000_000);
        await client.SaysAsync("PATCH 3000000");
        first.Kill();
        using var second = system.StartApi("receive.committed=die"); // with the last chunk: the image exists, and the client has no answer
        (await second.ExitAsync(TimeSpan.FromSeconds(90), CancellationToken.None)).ShouldBeTrue(client.Output);
        using var third = system.StartApi();
        var image = await client.ImageAsync();

        (await system.Http.GetByteArrayAsync(new Uri($"/api/images/{image}/content", UriKind.Relative))).ShouldBe(_file);
        using var list = await system.Http.GetAsync(new Uri("/api/images", UriKind.Relative));
        var record = (await list.ReadAsync<PageDto<ImageDto>>()).Items.ShouldHaveSingleItem();
        record.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(_file)));
    }
#endif

    private Client Start(Uri address, string key, int? chunk = null) => new([Path.Combine(NodePackages.TusClient.Folder, "upload.js"),
        address.ToString().TrimEnd('/'), key, ImageFile, Urls, .. chunk is { } bytes ? [$"{bytes}"] : Array.Empty<string>()]);

    /// <summary>The client as a process.</summary>
    private sealed class Client : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
        private readonly Process _node;
        private readonly ConcurrentQueue<string> _lines = new();

        public Client(string[] arguments)
        {
            _node = new Process { StartInfo = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
            _node.OutputDataReceived += (_, line) => Add(line.Data);
            _node.ErrorDataReceived += (_, line) => Add(line.Data);
            _node.Start();
            _node.BeginOutputReadLine();
            _node.BeginErrorReadLine();
        }

        public IReadOnlyCollection<string> Lines => _lines;

        public string Output => string.Join('\n', _lines);

        public async Task<Guid> ImageAsync()
        {
            await SaysAsync("image ");
            return Guid.Parse(_lines.Single(line => line.StartsWith("image ", StringComparison.Ordinal))["image ".Length..]);
        }

        public async Task SaysAsync(string start)
        {
            bool Said() => _lines.Any(line => line.StartsWith(start, StringComparison.Ordinal));
            await Eventually.TrueAsync(() => Said() || _node.HasExited, Patience);
            if (_node.HasExited)
                await _node.WaitForExitAsync(); // the last lines too
            Said().ShouldBeTrue(Output);
        }

        public void Kill() => _node.Kill();

        public void Dispose()
        {
            if (!_node.HasExited)
                _node.Kill();
            _node.Dispose();
        }

        private void Add(string? line)
        {
            if (line is not null)
                _lines.Enqueue(line);
        }
    }
}
