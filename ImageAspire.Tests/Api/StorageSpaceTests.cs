using System.Net;
using ImageAspire.Embedded.Space;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

/// <summary>Uploads leave the last part of a disk to deletes.</summary>
public sealed class StorageSpaceTests : IAsyncDisposable
{
    private const long MinFree = 64 << 20;
    private readonly Volume _volume = new();
    private readonly ApiHost _host;

    public StorageSpaceTests() => _host = new ApiHost(parts => parts.AddSingleton<IVolume>(_volume).AddSingleton<TimeProvider>(_volume.Clock), ("Embedded:MinFreeBytes", $"{MinFree}"));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Upload_DiskIsNearlyFull_IsRefusedBeforeItsBytesAreSentAndDeletesGoOn()
    {
        var image = await _host.UploadAsync(seed: 1);
        var (key, secret) = await _host.CreateKeyAsync("camera", "write");
        _volume.Free = MinFree;

        using var refused = await _host.AnnounceAsync(ApiHost.AllKey, 100_000);
        await refused.ShouldBeProblemAsync(507, "storage-full");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        await _host.PostFilesAsync(("a.jpg", TestImages.Jpeg(seed: 2)), ("b.jpg", TestImages.Jpeg(seed: 3))).ShouldBeProblemAsync(507, "storage-full");

        _host.StagedFiles.ShouldBe(0);
        (await _host.Client.DeleteAsync($"/api/images/{image}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _host.Client.DeleteAsync($"/api/keys/{key}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var revoked = _host.ClientWith(secret);
        await revoked.PostAsync("/api/images", new ByteArrayContent([1])).ShouldBeProblemAsync(401, "revoked-key");
        _volume.Free = MinFree + (1 << 20);
        await _host.UploadAsync(seed: 4);
    }

    [Fact]
    public async Task Upload_LargerThanWhatUploadsMayUse_IsRefusedAndASmallerOneIsNot()
    {
        var file = TestImages.Jpeg(padTo: 100_000);
        _volume.Free = MinFree + file.Length;
        await _host.PostRawAsync(file).ShouldBeProblemAsync(507, "storage-full");

        _volume.Free = MinFree + file.Length + 1;
        (await _host.PostRawAsync(file)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Upload_DiskFillsWhileItsBytesArrive_IsRefusedAndLeavesNothing()
    {
        var file = TestImages.Jpeg(padTo: 300_000);
        _volume.Free = MinFree + 200_000;
        _volume.IsMeasured = true;

        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", "a.jpg" } }; // says nothing about the size of its files
        await _host.Client.PostAsync("/api/images", form).ShouldBeProblemAsync(507, "storage-full");

        _host.StoredFiles.ShouldBe(0);
    }

    [Fact]
    public async Task ResumableUpload_DiskIsNearlyFull_IsNeitherBegunNorContinuedAndKeepsWhatItHas()
    {
        var file = TestImages.Jpeg(padTo: 200_000);
        var upload = await _host.Client.BeginAsync(file.Length);
        (await _host.Client.PatchAsync(upload, 0, file[..50_000])).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _volume.Free = MinFree;

        await _host.Client.PatchAsync(upload, 50_000, file[50_000..]).ShouldBeProblemAsync(507, "storage-full");
        await _host.Client.TusAsync("POST", "/api/uploads", ("Upload-Length", "1000")).ShouldBeProblemAsync(507, "storage-full");
        (await _host.Client.OffsetAsync(upload)).ShouldBe(50_000);

        _volume.Free = MinFree + (1 << 20);
        using var done = await _host.Client.PatchAsync(upload, 50_000, file[50_000..]);
        done.Header("Image-Id").ShouldNotBeNull();
    }

    [Fact]
    public async Task ResumableUpload_NoRoomForTheImageBesideItsParts_IsFinishedWhenThereIs()
    {
        var file = TestImages.Jpeg(padTo: 200_000);
        var upload = await _host.Client.BeginAsync(file.Length);
        _volume.Free = MinFree + 250_000;
        _volume.IsMeasured = true; // the bytes of the upload are gone from it, those of the image do not fit

        await _host.Client.PatchAsync(upload, 0, file).ShouldBeProblemAsync(507, "storage-full");
        _volume.Free = MinFree + (1 << 20);

        using var head = await _host.Client.TusAsync("HEAD", upload);
        head.Header("Image-Id").ShouldNotBeNull();
    }

    [Fact]
    public async Task Health_DiskIsNearlyFull_IsDegradedWithTheReason()
    {
        // Again when the checks ran already: a heartbeat may have started them a moment before.
        await Eventually.TrueAsync(async () =>
        {
            _volume.Free = MinFree;
            using var health = await _host.Client.GetAsync("/health");
            health.StatusCode.ShouldBe(HttpStatusCode.OK); // everything but uploads works
            return (await health.Content.ReadAsStringAsync()).Contains("the disk is nearly full; uploads are refused", StringComparison.Ordinal);
        });
    }

    private sealed class Volume : IVolume
    {
        private long _used;

        /// <summary>The Api's clock; it advances with each change, so that the space is measured anew.</summary>
        public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

        public long Free
        {
            get;
            set
            {
                field = value;
                Clock.Advance(TimeSpan.FromSeconds(1));
            }
        } = 1L << 40;

        /// <summary>Whether bytes that are stored from now on are subtracted.</summary>
        public bool IsMeasured { get; set; }

        public (long Free, long Total)? Read(string folder)
        {
            var used = new[] { "blobs", "uploads" }.Select(name => new DirectoryInfo(Path.Combine(folder, name))).Where(one => one.Exists)
                .SelectMany(one => one.EnumerateFiles("*", SearchOption.AllDirectories)).Sum(file => file.Length);
            if (IsMeasured)
                return (Free - (used - _used), 1L << 40);
            _used = used; // by several threads: none may subtract what another one counted
            return (Free, 1L << 40);
        }
    }
}
