namespace ImageAspire.Imaging.Headers;

/// <summary>The size of a JPEG XL image (ISO/IEC 18181-1, SizeHeader), which begins its codestream: the whole file, or a box in it.</summary>
internal static class JxlHeader
{
    private const int MaxBytes = 16; // more than the header can have

    // Width to height, by the number in the header.
    private static readonly (int Width, int Height)[] Ratios = [(0, 0), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)];

    // How many bits a side has, by the number before it.
    private static readonly int[] SideBits = [9, 13, 18, 30];

    public static RawHeader Read(Bytes file)
    {
        var at = file.U16(0, big: true) == 0xFF0A ? 0
            : Box.In(file).FirstOrDefault(box => box.Type is "jxlc" or "jxlp") switch
            {
                { Type: "jxlc" } whole => whole.Content,
                { Type: "jxlp" } part => part.Content + sizeof(uint), // its number
                _ => throw HeaderReader.Broken(),
            };
        if (file.U16(at, big: true) != 0xFF0A)
            throw HeaderReader.Broken();
        var bits = new Bits(file, at + 2);
        var isSmall = bits.Take(1) == 1;
        var height = Side(bits, isSmall);
        var ratio = Ratios[bits.Take(3)];
        return new RawHeader(ratio.Height == 0 ? Side(bits, isSmall) : height * ratio.Width / ratio.Height, height);
    }

    private static long Side(Bits bits, bool isSmall) => isSmall ? (1 + bits.Take(5)) * 8L : 1L + bits.Take(SideBits[bits.Take(2)]);

    // Least significant bit first.
    private sealed class Bits(Bytes file, long start)
    {
        private int _at;

        public int Take(int count)
        {
            var value = 0;
            for (var i = 0; i < count; i++, _at++)
                value |= (file.U8(start + Math.Min(_at / 8, MaxBytes)) >> _at % 8 & 1) << i;
            return value;
        }
    }
}
