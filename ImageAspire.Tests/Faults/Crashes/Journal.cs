using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>All pictures of a run, and what went wrong on the clients' side.</summary>
internal sealed class Journal(int mostPictures)
{
    private readonly ConcurrentDictionary<string, Picture> _pictures = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private int _made;

    public IReadOnlyCollection<Picture> Pictures => [.. _pictures.Values];

    /// <summary>What no client should ever be told.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public void Longest(string what, long value) => _counts.AddOrUpdate(what, value, (_, before) => Math.Max(before, value));

    public void Add(Picture picture) => _pictures.TryAdd(picture.Sha256, picture);

    public void Counter(string what, long count) => _counts[what] = count;

    /// <summary>A new picture with bytes of its own; null when there are enough.</summary>
    public Picture? Make(PictureKind kind)
    {
        var number = Interlocked.Increment(ref _made);
        if (number > mostPictures)
            return null;
        var bytes = TestImages.Png(96, 64, number);
        if (kind == PictureKind.Broken)
            bytes = Break(bytes);
        var picture = new Picture(kind, $"{kind}-{number}".ToLowerInvariant(), bytes);
        return _pictures.TryAdd(picture.Sha256, picture) ? picture : throw new InvalidOperationException("Two pictures with the same bytes.");
    }

    public Picture? Find(string sha256) => _pictures.GetValueOrDefault(sha256);

    // A header of 0 × 0 pixels, with its checksum left wrong: a PNG by its signature, and no decoder's.
    private static byte[] Break(byte[] png)
    {
        BinaryPrimitives.WriteInt64BigEndian(png.AsSpan(16), 0);
        return png;
    }
}
