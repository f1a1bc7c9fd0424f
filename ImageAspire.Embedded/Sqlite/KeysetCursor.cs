using System.Buffers.Binary;
using System.Text;
using ImageAspire.Core.Paging;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>Where a page ended: the rowid of its last record, and the value that the list is sorted by.</summary>
/// <param name="Rowid">Rowid of the last record.</param>
/// <param name="Value">Its value when the list is not sorted by rowid, else empty.</param>
internal sealed record KeysetCursor(long Rowid, string Value)
{
    /// <summary>The cursor as opaque text.</summary>
    /// <param name="filters">Sort and filters of the list, in a fixed order.</param>
    public string Write(params ReadOnlySpan<string?> filters)
    {
        var value = Encoding.UTF8.GetBytes(Value);
        var position = new byte[sizeof(long) + value.Length];
        BinaryPrimitives.WriteInt64BigEndian(position, Rowid);
        value.CopyTo(position, sizeof(long));
        return OpaqueCursor.Write(position, filters);
    }

    /// <summary>Reads a cursor.</summary>
    /// <exception cref="InvalidCursorException">Not made by <see cref="Write"/> with the same filters.</exception>
    public static KeysetCursor Read(string text, params ReadOnlySpan<string?> filters)
    {
        var position = OpaqueCursor.Read(text, filters);
        return position.Length >= sizeof(long)
            ? new KeysetCursor(BinaryPrimitives.ReadInt64BigEndian(position), Encoding.UTF8.GetString(position.AsSpan(sizeof(long))))
            : throw new InvalidCursorException();
    }
}
