using System.Globalization;

namespace ImageAspire.Tests.Fuzz;

/// <summary>Texts that parsers, stores and filters have mistaken for something else.</summary>
internal static class FuzzText
{
    private static readonly string[] Hostile =
    [
        "", " ", "\0", "a\0b", "null", "true", "NaN", "-0", "1e309", "0x10", "١٢", "../../etc/passwd", "..%2f..%2f", "%00", "%", "%zz", "%C0%AF", "a/b", "a\\b", "C:\\", "CON", ".", "..",
        "'; DROP TABLE images; --", "\" OR 1=1", "*", "**", "a* OR b", "NEAR(a b)", "^", "(", "{", "[", "\"", "`", "$(id)", "{{7*7}}", "${jndi:x}", "<script>alert(1)</script>", "&amp;", "\r\nX: y", "\n", "\t",
        "\u202Egpj.exe", "\u200B", "\uFEFF", "e\u0301", "\u00e9", "ﬁ", "İ", "ß", "\U0001F468\u200D\U0001F469", "\uD7FF", "\uFFFE", "\uFFFF", "日本", "ا",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{00000000-0000-0000-0000-000000000000}", "0000000000000000000000000000000000",
        "0001-01-01", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-02-30", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-06-30T23:59:60Z", "1969-12-31",
        "2026-01-01T00:00:00+99:99", "-2026-01-01",
    ];

    private static readonly string[] Numbers =
        ["0", "1", "-1", "+1", "50", "200", "201", "256", "1024", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1.0", "1.5", "1e2", "0001", " 1", "1 ", "1,000", "٣"];

    /// <summary>A hostile text, or many or long ones.</summary>
    public static string Any(Random random) => random.Next(12) switch
    {
        0 => new string('a', random.Next(1, 9_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Hostile[random.Next(Hostile.Length)])),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Character(random))),
        3 => Number(random),
        4 => Convert.ToBase64String(Bytes(random, random.Next(1, 80))),
        _ => Hostile[random.Next(Hostile.Length)],
    };

    public static string Number(Random random) => random.Next(3) == 0
        ? random.NextInt64(-300, 300).ToString(CultureInfo.InvariantCulture) : Numbers[random.Next(Numbers.Length)];

    /// <summary>A harmless word.</summary>
    public static string Word(Random random) => $"word{random.Next(1_000)}";

    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    // Never half of a surrogate pair: JSON gets those by escapes (FuzzJson).
    private static char Character(Random random) => (char)(random.Next(4) == 0 ? random.Next(0, 0xD800) : random.Next(0x20, 0x7F));
}
