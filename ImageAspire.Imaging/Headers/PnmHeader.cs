using System.Text;

namespace ImageAspire.Imaging.Headers;

/// <summary>The header of a PBM, PGM, PPM or PAM (Netpbm): words in ASCII.</summary>
internal static class PnmHeader
{
    private const int MaxHeader = 64 << 10;
    private const int MaxDigits = 10;

    public static RawHeader Read(Bytes file) => Layout(file).Size;

    /// <summary>Whether the file ends before its pixels do; unknown, and so false, where they are written as text.</summary>
    public static bool EndsEarly(Bytes file)
    {
        var (_, at, bytes) = Layout(file);
        return bytes is { } length && length > file.Length - at;
    }

    private static (RawHeader Size, long PixelsAt, long? PixelBytes) Layout(Bytes file)
    {
        var words = new Words(file);
        var kind = file.U8(1) - '0';
        if (kind == 7)
            return Pam(words);
        var (width, height) = (words.Number(), words.Number());
        var most = kind is 1 or 4 ? 1 : words.Number();
        var sample = most > byte.MaxValue ? 2 : 1;
        return (new RawHeader(width, height), words.At, kind switch { 4 => (width + 7) / 8 * height, 5 => width * height * sample, 6 => width * height * 3 * sample, _ => null });
    }

    private static (RawHeader Size, long PixelsAt, long? PixelBytes) Pam(Words words)
    {
        long width = 0, height = 0, depth = 0, most = 0;
        while (words.Next() is not "ENDHDR" and var name)
        {
            switch (name)
            {
                case "WIDTH": width = words.Number(); break;
                case "HEIGHT": height = words.Number(); break;
                case "DEPTH": depth = words.Number(); break;
                case "MAXVAL": most = words.Number(); break;
            }
        }

        return (new RawHeader(width, height), words.At, depth is > 0 and <= 4 ? width * height * depth * (most > byte.MaxValue ? 2 : 1) : null);
    }

    /// <summary>Words behind the two letters of the signature; comments go to the end of their line.</summary>
    private sealed class Words(Bytes file)
    {
        /// <summary>Behind the last word and one space.</summary>
        public long At { get; private set; } = 2;

        public string Next()
        {
            var word = new StringBuilder();
            while (At < MaxHeader)
            {
                var next = (char)file.U8(At++);
                if (next == '#' && word.Length == 0)
                {
                    while (At < MaxHeader && file.U8(At++) is not ((byte)'\n' or (byte)'\r'))
                        continue;
                }
                else if (!char.IsWhiteSpace(next))
                {
                    word.Append(next);
                }
                else if (word.Length > 0)
                {
                    return word.ToString();
                }
            }

            throw HeaderReader.Broken();
        }

        public long Number() => Next() is { Length: <= MaxDigits } word && word.All(char.IsAsciiDigit) ? Math.Min(long.Parse(word, System.Globalization.CultureInfo.InvariantCulture), int.MaxValue) : throw HeaderReader.Broken();
    }
}
