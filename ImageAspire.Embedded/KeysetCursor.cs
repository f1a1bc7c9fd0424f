using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Core.Ports;

namespace ImageAspire.Embedded;

/// <summary>
/// Where a page ended: the rowid of its last record, and the value that the list is sorted by. As text it is base64url of rowid,
/// checksum and value; the checksum covers the filters too, so a cursor of another list, or of nobody, is told from one of this list.
/// </summary>
/// <param name="Rowid">Rowid of the last record.</param>
/// <param name="Value">Its value when the list is not sorted by rowid, else empty.</param>
internal sealed record KeysetCursor(long Rowid, string Value)
{
    private const int HeadLength = 16;
    private const int MaxTextLength = 2048;

    /// <summary>The opaque text.</summary>
    /// <param name="filters">Sort and filters of the list, in a fixed order.</param>
    public string Write(params ReadOnlySpan<string?> filters)
    {
        var value = Encoding.UTF8.GetBytes(Value);
        var bytes = new byte[HeadLength + value.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Rowid);
        Checksum(filters).CopyTo(bytes, 8);
        value.CopyTo(bytes, HeadLength);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The cursor in a text.</summary>
    /// <exception cref="InvalidCursorException">Not made by <see cref="Write"/> with the same filters.</exception>
    public static KeysetCursor Read(string text, params ReadOnlySpan<string?> filters)
    {
        if (text.Length > MaxTextLength || !Base64Url.IsValid(text))
            throw new InvalidCursorException();
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < HeadLength)
            throw new InvalidCursorException();
        var cursor = new KeysetCursor(BinaryPrimitives.ReadInt64BigEndian(bytes), Encoding.UTF8.GetString(bytes.AsSpan(HeadLength)));
        return cursor.Checksum(filters).AsSpan().SequenceEqual(bytes.AsSpan(8, 8)) ? cursor : throw new InvalidCursorException();
    }

    private byte[] Checksum(ReadOnlySpan<string?> filters)
    {
        // Each part is preceded by its length, so that no two lists give the same text.
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Rowid};{Value.Length}:{Value};");
        foreach (var filter in filters)
            text.Append(CultureInfo.InvariantCulture, $"{filter?.Length ?? -1}:{filter};");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..8];
    }
}
