using System.Net.Http.Headers;
using ImageAspire.Tests.Faults;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Worker.Scrub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Api;

/// <summary>A stored file that is not the original: its bytes are never given out under the validators of the original.</summary>
public sealed class DamagedOriginalTests : IAsyncDisposable
{
    private readonly ApiHost _host = new(parts => parts.AddLogging(logging => logging.AddFakeLogging()));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(-9_000)]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Content_FileOfAnotherLength_Is503AndLogged(int difference)
    {
        var id = await UploadAsync();
        using (var file = File.OpenWrite(ScrubHost.PathOf(_host.DataFolder, id)))
            file.SetLength(file.Length + difference);

        await ShouldBeUnavailableAsync(id);

        var log = _host.Services.GetRequiredService<FakeLogCollector>().Of("LogWrongLength");
        log.ShouldNotBeEmpty();
        log.ShouldAllBe(one => one.Level == LogLevel.Error && one.GetStructuredStateValue("ImageId") == id.ToString());
    }

    [Fact]
    public async Task Content_FileIsMissing_Is503AndLogged()
    {
        var id = await UploadAsync();
        File.Delete(ScrubHost.PathOf(_host.DataFolder, id));

        await ShouldBeUnavailableAsync(id);

        _host.Services.GetRequiredService<FakeLogCollector>().Of("LogMissing").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(OddFile.Pipe)]
    [InlineData(OddFile.Link)]
    [InlineData(OddFile.Device)]
    [InlineData(OddFile.Folder)]
    public async Task Content_NoRegularFile_Is503AndNoBytesOfOthers(OddFile kind)
    {
        var id = await UploadAsync();
        OddFiles.Replace(ScrubHost.PathOf(_host.DataFolder, id), kind);

        await ShouldBeUnavailableAsync(id);
    }

    [Theory]
    [InlineData(OddFile.Pipe)]
    [InlineData(OddFile.Link)]
    public async Task Upload_OfTheSameFile_TakesThePlaceOfWhatIsNoRegularFile(OddFile kind)
    {
        var file = TestImages.Jpeg(seed: 1, padTo: 10_000);
        var id = await UploadAsync();
        OddFiles.Replace(ScrubHost.PathOf(_host.DataFolder, id), kind);

        using var again = await _host.PostRawAsync(file).WaitAsync(OddFiles.Limit);

        (await _host.Client.GetByteArrayAsync($"/api/images/{id}/content").WaitAsync(OddFiles.Limit)).ShouldBe(file);
    }

    private async Task<Guid> UploadAsync()
    {
        using var answer = await _host.PostRawAsync(TestImages.Jpeg(seed: 1, padTo: 10_000));
        return (await answer.ReadAsync<ImageDto>()).Id;
    }

    private async Task ShouldBeUnavailableAsync(Guid id)
    {
        await SendAsync(HttpMethod.Get, id).ShouldBeProblemAsync(503, "storage-unavailable");
        await SendAsync(HttpMethod.Get, id, new RangeHeaderValue(10, 19)).ShouldBeProblemAsync(503, "storage-unavailable");
        using var head = await SendAsync(HttpMethod.Head, id);
        ((int)head.StatusCode, head.Headers.ETag).ShouldBe((503, null));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Guid id, RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/images/{id}/content");
        request.Headers.Range = range;
        return await _host.Client.SendAsync(request).WaitAsync(OddFiles.Limit);
    }
}
