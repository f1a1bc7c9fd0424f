using System.Buffers;
using ImageAspire.Embedded.Vectors;

namespace ImageAspire.Embedded.Search;

/// <summary>
/// The sign bits of all vectors of one model, in memory: for each image 8 bytes of its key, 8 of its sequence number and one bit for each
/// number. Only grows at its end. Not thread-safe.
/// </summary>
/// <param name="length">Numbers of a vector.</param>
internal sealed class BitIndex(int length)
{
    private readonly int _words = SignBits.WordsOf(length);
    private ulong[] _bits = [];
    private long[] _images = [], _sequences = [];

    /// <summary>How many vectors it has.</summary>
    public int Count { get; private set; }

    /// <summary>The greatest sequence number that it has.</summary>
    public long Last => Count == 0 ? 0 : _sequences[Count - 1];

    /// <summary>Adds a vector.</summary>
    /// <param name="sequence">Its sequence number, greater than all before.</param>
    /// <param name="image">Its image.</param>
    /// <param name="packed">Its numbers.</param>
    public void Add(long sequence, long image, ReadOnlySpan<byte> packed)
    {
        if (packed.Length != length)
            return; // damaged
        if (Count == _images.Length)
            Grow();
        SignBits.Of(packed, _bits.AsSpan(Count * _words, _words));
        (_images[Count], _sequences[Count]) = (image, sequence);
        Count++;
    }

    /// <summary>
    /// The sequence numbers of the nearest vectors by their bits, not in order: at least <paramref name="wanted"/> when there are so many, and at
    /// most twice as many, the newest of equal ones.
    /// </summary>
    /// <param name="packed">The numbers to compare with.</param>
    /// <param name="wanted">How many.</param>
    /// <param name="allowed">The only images to look at; null for all.</param>
    public List<long> Nearest(ReadOnlySpan<byte> packed, int wanted, HashSet<long>? allowed)
    {
        Span<ulong> bits = stackalloc ulong[_words];
        SignBits.Of(packed, bits);
        var distances = ArrayPool<ushort>.Shared.Rent(Math.Max(Count, 1));
        try
        {
            return Select(distances.AsSpan(0, Count), Cutoff(bits, distances, wanted, allowed), wanted);
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(distances);
        }
    }

    // Writes all distances; returns up to which there are enough.
    private int Cutoff(ReadOnlySpan<ulong> bits, ushort[] distances, int wanted, HashSet<long>? allowed)
    {
        var counts = new int[length + 1];
        for (var i = 0; i < Count; i++)
        {
            if (allowed?.Contains(_images[i]) == false)
            {
                distances[i] = ushort.MaxValue;
                continue;
            }

            var distance = SignBits.Distance(bits, _bits.AsSpan(i * _words, _words));
            distances[i] = (ushort)distance;
            counts[distance]++;
        }

        var sum = 0;
        for (var distance = 0; distance <= length; distance++)
        {
            if ((sum += counts[distance]) >= wanted)
                return distance;
        }

        return length;
    }

    private List<long> Select(ReadOnlySpan<ushort> distances, int cutoff, int wanted)
    {
        // All that are nearer than the cutoff, fewer than wanted, and the newest of those at it.
        List<long> nearer = [], at = [];
        for (var i = distances.Length - 1; i >= 0; i--)
        {
            if (distances[i] < cutoff)
                nearer.Add(_sequences[i]);
            else if (distances[i] == cutoff && at.Count < wanted)
                at.Add(_sequences[i]);
        }

        nearer.AddRange(at);
        return nearer;
    }

    private void Grow()
    {
        var size = Math.Max(1024, Count + Count / 4);
        Array.Resize(ref _images, size);
        Array.Resize(ref _sequences, size);
        Array.Resize(ref _bits, size * _words);
    }
}
