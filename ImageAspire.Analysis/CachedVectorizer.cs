using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Analysis;

/// <summary>
/// Keeps the vectors of short texts: names of things and searches repeat, and a cloud charges for each. Bounded; when it is full, the older
/// half is dropped. A vector that is kept outlives its model by an hour at most.
/// </summary>
internal sealed class CachedVectorizer(IImageVectorizer inner, TimeProvider? time = null) : IImageVectorizer, IDisposable
{
    private const int MaxTexts = 2000;
    private const int MaxLength = 200;
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private Dictionary<string, (EmbeddingVector Vector, long Since)> _young = [], _old = [];

    public bool HasOneSpace => inner.HasOneSpace;

    public async Task<EmbeddingVector?> OfTextAsync(string text, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        if (text.Length > MaxLength)
            return await inner.OfTextAsync(text, timeLimit, cancellationToken);
        if (Find(text) is { } known)
            return known;
        var vector = await inner.OfTextAsync(text, timeLimit, cancellationToken);
        if (vector is not null)
            Keep(text, (vector, _time.GetTimestamp()));
        return vector;
    }

    public Task<EmbeddingVector?> OfImageAsync(ReadOnlyMemory<byte> image, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        inner.OfImageAsync(image, timeLimit, cancellationToken);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private EmbeddingVector? Find(string text)
    {
        lock (_lock)
        {
            if (!_young.TryGetValue(text, out var known) && !_old.TryGetValue(text, out known))
                return null;
            if (_time.GetElapsedTime(known.Since) > MaxAge)
                return null;
            Keep(text, known); // used again: it stays longer than what is not
            return known.Vector;
        }
    }

    private void Keep(string text, (EmbeddingVector Vector, long Since) entry)
    {
        lock (_lock)
        {
            if (_young.Count >= MaxTexts / 2 && !_young.ContainsKey(text))
                (_old, _young) = (_young, []);
            _young[text] = entry;
        }
    }
}
