using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>What the clients of a run expect of the system: every image that they uploaded, and the answers that broke a promise.</summary>
internal sealed class TestOracle(int maxImages)
{
    private const int LargeBytes = 2 * TrackedImage.Large;
    private readonly ConcurrentDictionary<string, TrackedImage> _images = new();
    private readonly ConcurrentQueue<TrackedUpload> _uploads = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private int _made;

    public IReadOnlyCollection<TrackedImage> Images => [.. _images.Values];

    /// <summary>The resumable uploads that were acknowledged as begun.</summary>
    public IReadOnlyCollection<TrackedUpload> Uploads => [.. _uploads];

    /// <summary>Answers that no client may get, and exits that were not asked for.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public void Longest(string what, long value) => _counts.AddOrUpdate(what, value, (_, before) => Math.Max(before, value));

    public void Add(TrackedImage image) => _images.TryAdd(image.Sha256, image);

    public void Add(TrackedUpload upload) => _uploads.Enqueue(upload);

    public void Counter(string what, long count) => _counts[what] = count;

    /// <summary>A new image with bytes of its own; null when there are enough.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="large">So large that it can be sent in pieces.</param>
    public TrackedImage? Make(TrackedImageKind kind, bool large = false)
    {
        var number = Interlocked.Increment(ref _made);
        if (number > maxImages)
            return null;
        var bytes = large ? TestImages.Jpeg(96, 64, number, padTo: LargeBytes) : TestImages.Png(96, 64, number);
        if (kind == TrackedImageKind.Undecodable)
            bytes = MakeUndecodable(bytes);
        var image = new TrackedImage(kind, $"{kind}-{number}".ToLowerInvariant(), bytes);
        return _images.TryAdd(image.Sha256, image) ? image : throw new InvalidOperationException("Two images with the same bytes.");
    }

    public TrackedImage? Find(string sha256) => _images.GetValueOrDefault(sha256);

    // A header of 0 × 0 pixels with a wrong checksum: a PNG by its signature, which no decoder reads.
    private static byte[] MakeUndecodable(byte[] png)
    {
        BinaryPrimitives.WriteInt64BigEndian(png.AsSpan(16), 0);
        return png;
    }
}
