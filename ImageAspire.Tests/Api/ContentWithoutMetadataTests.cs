using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Api;

public sealed class ContentWithoutMetadataTests : IAsyncDisposable
{
    private static readonly byte[] File = TestImages.JpegWithExif(PrivateFiles.Exif);
    private readonly ApiHost _host = new();

    [Fact]
    public async Task Copy_OfAnInspectedImage_HasTheEditsAndIsHttp()
    {
        var exif = new MetadataEdit(2, PrivateFiles.Exif.Length + 10);
        var address = await UploadAsync([exif]);
        var expected = File[..2].Concat(File[(int)(2 + exif.Length)..]).ToArray();

        using var copy = await _host.Client.GetAsync(address + "&download=1");

        (await copy.Content.ReadAsByteArrayAsync()).ShouldBe(expected);
        (copy.StatusCode, copy.Content.Headers.ContentLength, copy.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, expected.Length, "image/jpeg"));
        (copy.Content.Headers.ContentDisposition!.DispositionType, copy.Content.Headers.ContentDisposition.FileName).ShouldBe(("attachment", "holiday.jpg"));
        copy.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        using var original = await _host.Client.GetAsync(address.Replace("none", "all", StringComparison.Ordinal));
        (await original.Content.ReadAsByteArrayAsync()).ShouldBe(File);
        original.Headers.ETag.ShouldNotBe(copy.Headers.ETag);
        using var range = await SendAsync(address, request => request.Headers.Range = new RangeHeaderValue(1, 40));
        (range.StatusCode, range.Content.Headers.ContentRange!.Length).ShouldBe((HttpStatusCode.PartialContent, expected.Length));
        (await range.Content.ReadAsByteArrayAsync()).ShouldBe(expected[1..41]);
        using var known = await SendAsync(address, request => request.Headers.IfNoneMatch.Add(copy.Headers.ETag!));
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var other = await SendAsync(address, request => request.Headers.IfNoneMatch.Add(original.Headers.ETag!));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Copy_NothingToRemove_IsTheOriginal()
    {
        using var copy = await _host.Client.GetAsync(await UploadAsync([]));

        (await copy.Content.ReadAsByteArrayAsync()).ShouldBe(File);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%00")]
    [InlineData("no")]
    public async Task Copy_OfAnotherValue_IsRefused(string value)
    {
        using var answer = await _host.Client.GetAsync((await UploadAsync([])).Replace("none", value, StringComparison.Ordinal));

        await answer.ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task Copy_NotInspected_ComesLater()
    {
        using var answer = await _host.PostRawAsync(File);
        var address = $"/api/images/{(await answer.ReadAsync<ImageDto>()).Id}/content?metadata=none";

        using var early = await _host.Client.GetAsync(address);

        await early.ShouldBeProblemAsync(409, "not-inspected");
        early.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Copy_EditsNotKnown_IsAProblemThatSaysWhatToDo()
    {
        using var answer = await _host.Client.GetAsync(await UploadAsync(null));

        await answer.ShouldBeProblemAsync(409, "no-copy-without-metadata");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("/api/operations/stages/inspect-image/run-all");
    }

    [Fact]
    public async Task Copy_RecordWithImpossibleEdits_IsRefused()
    {
        foreach (var edits in (MetadataEdit[][])[[new(5, 10), new(7, 1)], [new(0, File.Length + 1)], [new(20, 1), new(10, 1)]])
        {
            await _host.Client.GetAsync(await UploadAsync(edits)).ShouldBeProblemAsync(409, "no-copy-without-metadata");
            await _host.Client.DeleteAsync($"{_address}?purge=true");
        }
    }

    [Fact]
    public async Task Copy_StoredBytesAreShorter_IsNotServed()
    {
        var address = await UploadAsync([new(File.Length - 10, 10)]);
        var record = (await _host.Catalog.GetAsync(Guid.Parse(_address!.Split('/')[^1]), CancellationToken.None))!;
        await using (var staged = await _host.Blobs.StageAsync(CancellationToken.None))
        {
            await staged.Content.WriteAsync(File.AsMemory(0, 100));
            await staged.ReplaceAsync(record.BlobName, record.ContentType, CancellationToken.None);
        }

        await _host.Client.GetAsync(address).ShouldBeProblemAsync(503, "storage-unavailable");
    }

    [Fact]
    public async Task Content_OtherWordForMetadata_IsAProblem() =>
        await _host.Client.GetAsync((await UploadAsync([])).Replace("none", "some", StringComparison.Ordinal)).ShouldBeProblemAsync(400, "invalid-parameter");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private string? _address;

    private async Task<string> UploadAsync(IReadOnlyList<MetadataEdit>? edits)
    {
        using var answer = await _host.PostRawAsync(File, name: "holiday.jpg");
        var id = (await answer.ReadAsync<ImageDto>()).Id;
        await _host.TransitionAsync(id, record => ImageLifecycle.Inspect(record, Samples.Facts with { MetadataEdits = edits }, Cause.Now("test", TimeProvider.System)));
        _address = $"/api/images/{id}";
        return $"{_address}/content?metadata=none";
    }

    private async Task<HttpResponseMessage> SendAsync(string address, Action<HttpRequestMessage> prepare)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        prepare(request);
        return await _host.Client.SendAsync(request);
    }
}
