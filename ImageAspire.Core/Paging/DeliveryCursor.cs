namespace ImageAspire.Core.Paging;

/// <summary>Where a page of deliveries ended, for every store: the last one's id, because ids sort by time.</summary>
public static class DeliveryCursor
{
    private const int IdLength = 16;

    /// <summary>The opaque text.</summary>
    public static string Write(Guid last, Guid webhookId) => OpaqueCursor.Write(last.ToByteArray(bigEndian: true), "deliveries", webhookId.ToString("D"));

    /// <summary>Only ids smaller than this; the greatest of all for the first page.</summary>
    /// <exception cref="InvalidCursorException">Not a cursor of this webhook's list.</exception>
    public static Guid Read(string? cursor, Guid webhookId)
    {
        if (cursor is null)
            return Guid.AllBitsSet;
        var place = OpaqueCursor.Read(cursor, "deliveries", webhookId.ToString("D"));
        return place.Length == IdLength ? new Guid(place, bigEndian: true) : throw new InvalidCursorException();
    }
}
