using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Core;

/// <summary>An inspection downloads the original once, whatever the decoder does with it.</summary>
public sealed class OneReadTests : IAsyncLifetime
{
    private const int Small = 100_000, Large = 6_000_000; // in memory, and in a temporary file
    private readonly StageHost _host = new();

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task Inspect_OriginalFarAway_IsOpenedOnceAndEachByteReadOnce(int size)
    {
        var file = TestImages.Jpeg(padTo: size);
        await _host.UploadAsync(file);
        var (blobs, decoder) = (new FarBlobs(_host.Blobs), new Reader());

        await new InspectImage(_host.Catalog, blobs, decoder, TimeProvider.System).ExecuteAsync(_host.Events[0], CancellationToken.None);

        blobs.Opened.ShouldHaveSingleItem().BytesRead.ShouldBe(file.Length);
        blobs.Opened[0].IsOpen.ShouldBeFalse();
        decoder.Seen.ShouldBe([file, file]);
        (await _host.Catalog.GetAsync(_host.Events[0].ImageId, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Inspected);
    }

    [Fact]
    public async Task Inspect_OriginalOfThisMachine_IsNotCopied()
    {
        await _host.UploadAsync(TestImages.Jpeg(padTo: Large));
        var decoder = new Reader();

        await new InspectImage(_host.Catalog, _host.Blobs, decoder, TimeProvider.System).ExecuteAsync(_host.Events[0], CancellationToken.None);

        decoder.Target.ShouldNotBeNull().ShouldStartWith(_host.Folder);
    }

    [Fact]
    public async Task Inspect_LargeOriginalFarAway_HasNoNameOnDisk()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes the file when its handle is closed.");
        await _host.UploadAsync(TestImages.Jpeg(padTo: Large));
        var decoder = new Reader();

        await new InspectImage(_host.Catalog, new FarBlobs(_host.Blobs), decoder, TimeProvider.System).ExecuteAsync(_host.Events[0], CancellationToken.None);

        var path = decoder.Stream.ShouldBeOfType<FileStream>().Name;
        path.ShouldStartWith(Path.GetTempPath());
        decoder.HadName.ShouldBeFalse();
        decoder.Stream.CanRead.ShouldBeFalse(); // closed, so it is gone
    }

    [Theory]
    [InlineData(-1, Small)]
    [InlineData(1, Small)]
    [InlineData(0, Small)]
    [InlineData(-1, Large)]
    [InlineData(1_000_000, Large)]
    [InlineData(0, Large)]
    public async Task Inspect_OtherBytesFarAway_NothingIsDecoded(int more, int size)
    {
        await _host.UploadAsync(TestImages.Jpeg(padTo: size));
        var (blobs, decoder) = (new FarBlobs(_host.Blobs) { More = more }, new Reader());

        var error = await Should.ThrowAsync<PermanentFailureException>(() =>
            new InspectImage(_host.Catalog, blobs, decoder, TimeProvider.System).ExecuteAsync(_host.Events[0], CancellationToken.None));

        (error.Code, decoder.Seen.Count).ShouldBe((FailureCodes.ContentUnavailable, 0));
        blobs.Opened.ShouldHaveSingleItem().BytesRead.ShouldBeLessThanOrEqualTo(size + (64 << 10) + 1); // no endless blob is read to its end
    }

    [Fact]
    public async Task Inspect_CancelledWhileItDownloads_Stops()
    {
        await _host.UploadAsync(TestImages.Jpeg(padTo: Large));
        using var end = new CancellationTokenSource();
        var (blobs, decoder) = (new FarBlobs(_host.Blobs) { OnRead = read => EndInTheMiddle(read) }, new Reader());

        await Should.ThrowAsync<OperationCanceledException>(() =>
            new InspectImage(_host.Catalog, blobs, decoder, TimeProvider.System).ExecuteAsync(_host.Events[0], end.Token));

        decoder.Seen.ShouldBeEmpty();
        blobs.Opened.ShouldHaveSingleItem().IsOpen.ShouldBeFalse();

        void EndInTheMiddle(long read)
        {
            if (read > Large / 2)
                end.Cancel();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Reads the whole file twice.</summary>
    private sealed class Reader : IImageDecoder
    {
        public List<byte[]> Seen { get; } = [];

        public Stream? Stream { get; private set; }

        public bool HadName { get; private set; }

        /// <summary>The file that the stream reads.</summary>
        public string? Target { get; private set; }

        public bool CanDecode => false;

        public Task<InspectedImage> InspectAsync(Stream image, ImageFormat format, CancellationToken cancellationToken)
        {
            (Stream, HadName) = (image, image is FileStream file && File.Exists(file.Name));
            Target = TargetOf(image as FileStream);
            for (var i = 0; i < 2; i++)
            {
                var bytes = new byte[image.Length];
                image.Position = 0;
                image.ReadExactly(bytes);
                Seen.Add(bytes);
            }

            return Task.FromResult(new InspectedImage(new ImageHeader { Format = format, Width = 64, Height = 48 }, null));
        }
    }

    // A stream that was opened by its descriptor has no name.
    private static string? TargetOf(FileStream? file) => file is null ? null : OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget : file.Name;

    /// <summary>Gives blobs as a server does: forwards only, and counts.</summary>
    private sealed class FarBlobs(IBlobStore inner) : IBlobStore
    {
        public List<Download> Opened { get; } = [];

        /// <summary>How many bytes are missing or too many; 0 for a changed one, null for none of it.</summary>
        public int? More { get; init; }

        public Action<long>? OnRead { get; init; }

        public async Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken)
        {
            await using var blob = (await inner.OpenAsync(name, offset, length, cancellationToken))!;
            var bytes = new byte[blob.Length];
            await blob.ReadExactlyAsync(bytes, cancellationToken);
            if (More == 0)
                bytes[^20] ^= 1;
            else if (More is { } more)
                Array.Resize(ref bytes, bytes.Length + more);
            var download = new Download(bytes, OnRead);
            Opened.Add(download);
            return download;
        }

        public Task<IStagedBlob> StageAsync(CancellationToken cancellationToken) => inner.StageAsync(cancellationToken);

        public Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) => inner.StatAsync(name, cancellationToken);

        public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

        public IAsyncEnumerable<BlobInfo> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);
    }

    private sealed class Download(byte[] bytes, Action<long>? onRead) : MemoryStream(bytes, writable: false)
    {
        public long BytesRead { get; private set; }

        public bool IsOpen => CanRead;

        public override bool CanSeek => false;

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = await base.ReadAsync(buffer, cancellationToken);
            BytesRead += read;
            onRead?.Invoke(BytesRead);
            return read;
        }
    }
}
