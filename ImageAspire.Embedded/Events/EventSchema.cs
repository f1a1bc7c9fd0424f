using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Events;

/// <summary>Tables of the topic.</summary>
internal static class EventSchema
{
    public static readonly Migration Version1 = new("SELECT 1");
}
