using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Core.Paging;

/// <summary>
/// The opaque text of a cursor, for every store: base64url of a checksum and the place where a page ended. The checksum covers the
/// list's filters too, so that a cursor of another list, or a made-up one, is refused. It is no secret: a forged cursor shows another
/// page of what can be listed anyway.
/// </summary>
public static class OpaqueCursor
{
    private const int SealLength = 8;
    private const int MaxTextLength = 2048;

    /// <summary>The text of a cursor.</summary>
    /// <param name="place">Where the page ended, in the store's own terms; at most 1.5 KB.</param>
    /// <param name="filters">Sort and filters of the list, in a fixed order.</param>
    public static string Write(ReadOnlySpan<byte> place, params ReadOnlySpan<string?> filters) =>
        Base64Url.EncodeToString([.. Seal(place, filters), .. place]);

    /// <summary>The place in the text of a cursor.</summary>
    /// <exception cref="InvalidCursorException">Not made by <see cref="Write"/> with the same filters.</exception>
    public static byte[] Read(string text, params ReadOnlySpan<string?> filters)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxTextLength || !Base64Url.IsValid(text))
            throw new InvalidCursorException();
        var bytes = Base64Url.DecodeFromChars(text);
        // One place, one text: the decoder overlooks white space, and bits at the end that mean nothing.
        if (bytes.Length < SealLength || Base64Url.EncodeToString(bytes) != text)
            throw new InvalidCursorException();
        var place = bytes[SealLength..];
        return Seal(place, filters).AsSpan().SequenceEqual(bytes.AsSpan(0, SealLength)) ? place : throw new InvalidCursorException();
    }

    private static byte[] Seal(ReadOnlySpan<byte> place, ReadOnlySpan<string?> filters)
    {
        // Each part is preceded by its length, so that no two lists give the same text.
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{place.Length};");
        foreach (var filter in filters)
            text.Append(CultureInfo.InvariantCulture, $"{filter?.Length ?? -1}:{filter};");
        return SHA256.HashData([.. Encoding.UTF8.GetBytes(text.ToString()), .. place])[..SealLength];
    }
}
