namespace ImageAspire.Tests.Imaging;

/// <summary>Small changes to files.</summary>
internal static class ByteArrays
{
    /// <summary>A copy in which other bytes of the same length are in the place of these, wherever they are.</summary>
    public static byte[] Replaced(this byte[] file, byte[] these, byte[] others)
    {
        others.Length.ShouldBe(these.Length);
        var copy = (byte[])file.Clone();
        copy.AsSpan().IndexOf(these).ShouldBeGreaterThanOrEqualTo(0);
        for (int at = 0, next; (next = copy.AsSpan(at).IndexOf(these)) >= 0; at += next + these.Length)
            others.CopyTo(copy, at + next);
        return copy;
    }
}
