using System.Numerics;

namespace ImageAspire.Embedded.Vectors;

/// <summary>
/// One bit for each number of a vector: whether it is above the vector's own mean. Vectors that point in similar directions differ in few
/// bits. (The mean and not zero: the numbers of image models are never negative.)
/// </summary>
internal static class SignBits
{
    private const int WordBits = 64;

    /// <summary>How many words the bits of a vector take.</summary>
    public static int WordsOf(int length) => (length + WordBits - 1) / WordBits;

    /// <summary>Writes the bits of a packed vector.</summary>
    public static void Of(ReadOnlySpan<byte> packed, Span<ulong> bits)
    {
        var sum = 0;
        foreach (var value in packed)
            sum += (sbyte)value;
        bits.Clear();
        for (var i = 0; i < packed.Length; i++)
        {
            if ((sbyte)packed[i] * packed.Length > sum)
                bits[i / WordBits] |= 1UL << (i % WordBits);
        }
    }

    /// <summary>In how many bits two differ.</summary>
    public static int Distance(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var distance = 0;
        for (var i = 0; i < a.Length; i++)
            distance += BitOperations.PopCount(a[i] ^ b[i]);
        return distance;
    }
}
