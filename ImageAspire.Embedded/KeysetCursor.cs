using System.Buffers.Binary;
using System.Text;
using ImageAspire.Core.Paging;

namespace ImageAspire.Embedded;

/// <summary>Where a page ended: the rowid of its last record, and the value that the list is sorted by.</summary>
/// <param name="Rowid">Rowid of the last record.</param>
/// <param name="Value">Its value when the list is not sorted by rowid, else empty.</param>
internal sealed record KeysetCursor(long Rowid, string Value)
{
    /// <summary>The opaque text.</summary>
    /// <param name="filters">Sort and filters of the list, in a fixed order.</param>
    public string Write(params ReadOnlySpan<string?> filters)
    {
        var value = Encoding.UTF8.GetBytes(Value);
        var place = new byte[sizeof(long) + value.Length];
        BinaryPrimitives.WriteInt64BigEndian(place, Rowid);
        value.CopyTo(place, sizeof(long));
        return OpaqueCursor.Write(place, filters);
    }

    /// <summary>The cursor in a text.</summary>
    /// <exception cref="InvalidCursorException">Not made by <see cref="Write"/> with the same filters.</exception>
    public static KeysetCursor Read(string text, params ReadOnlySpan<string?> filters)
    {
        var place = OpaqueCursor.Read(text, filters);
        return place.Length >= sizeof(long)
            ? new KeysetCursor(BinaryPrimitives.ReadInt64BigEndian(place), Encoding.UTF8.GetString(place.AsSpan(sizeof(long))))
            : throw new InvalidCursorException();
    }
}
