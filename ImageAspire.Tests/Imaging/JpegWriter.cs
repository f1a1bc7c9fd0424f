using System.Buffers.Binary;

namespace ImageAspire.Tests.Imaging;

/// <summary>
/// The smallest useful baseline JPEG encoder (ITU-T T.81): every 8×8 block is one flat colour, so only DC coefficients are coded.
/// With a quantiser of 8 the DC coefficient is the sample minus 128.
/// </summary>
internal static class JpegWriter
{
    public static byte[] Write(
        int width, int height, TestImages.Pixel pixel, byte[]? exif = null, IEnumerable<byte[]>? comments = null, bool cmyk = false)
    {
        var components = cmyk ? 4 : 3;
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        if (exif is not null)
            Segment(file, 0xE1, [.. "Exif\0\0"u8, .. exif]);
        if (cmyk)
            Segment(file, 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]); // colour transform 0: CMYK, stored inverted
        foreach (var comment in comments ?? [])
            Segment(file, 0xFE, comment);
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]);

        var frame = new List<byte> { 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components };
        var scan = new List<byte> { (byte)components };
        for (byte c = 1; c <= components; c++)
        {
            frame.AddRange([c, 0x11, 0]);
            scan.AddRange([c, 0x00]);
        }

        Segment(file, 0xC0, [.. frame]);
        Segment(file, 0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]); // DC: category n is the 4-bit code n
        Segment(file, 0xC4, [0x10, 1, .. new byte[15], 0]); // AC: one code, "0", end of block
        Segment(file, 0xDA, [.. scan, 0, 63, 0]);
        WriteBlocks(file, width, height, pixel, components);
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    public static void Segment(MemoryStream file, byte marker, byte[] content)
    {
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], checked((ushort)(content.Length + 2)));
        file.Write(head);
        file.Write(content);
    }

    private static void WriteBlocks(MemoryStream file, int width, int height, TestImages.Pixel pixel, int components)
    {
        var bits = new BitWriter(file);
        var last = new int[components];
        var samples = new int[components];
        for (var y = 0; y < height; y += 8)
        {
            for (var x = 0; x < width; x += 8)
            {
                Convert(pixel(Math.Min(x + 4, width - 1), Math.Min(y + 4, height - 1)), samples);
                for (var c = 0; c < components; c++)
                {
                    var dc = Math.Clamp(samples[c], 0, 255) - 128;
                    var difference = dc - last[c];
                    last[c] = dc;
                    var category = 32 - int.LeadingZeroCount(Math.Abs(difference));
                    bits.Write(category, 4);
                    bits.Write(difference < 0 ? difference + (1 << category) - 1 : difference, category);
                    bits.Write(0, 1);
                }
            }
        }

        bits.Flush();
    }

    private static void Convert((byte R, byte G, byte B) p, int[] samples)
    {
        if (samples.Length == 4)
        {
            (samples[0], samples[1], samples[2], samples[3]) = (p.R, p.G, p.B, 255); // inverted: C = 255 − R, no black
            return;
        }

        // ITU-T T.871 (JFIF)
        samples[0] = (int)Math.Round(0.299 * p.R + 0.587 * p.G + 0.114 * p.B);
        samples[1] = (int)Math.Round(128 - 0.168736 * p.R - 0.331264 * p.G + 0.5 * p.B);
        samples[2] = (int)Math.Round(128 + 0.5 * p.R - 0.418688 * p.G - 0.081312 * p.B);
    }

    private sealed class BitWriter(MemoryStream file)
    {
        private int _bits;
        private int _count;

        public void Write(int value, int count)
        {
            for (var i = count - 1; i >= 0; i--)
            {
                _bits = (_bits << 1) | ((value >> i) & 1);
                if (++_count == 8)
                    Emit();
            }
        }

        public void Flush()
        {
            while (_count != 0)
                Write(1, 1);
        }

        private void Emit()
        {
            file.WriteByte((byte)_bits);
            if ((byte)_bits == 0xFF)
                file.WriteByte(0); // byte stuffing
            (_bits, _count) = (0, 0);
        }
    }
}
