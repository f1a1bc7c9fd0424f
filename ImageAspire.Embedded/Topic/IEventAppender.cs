using ImageAspire.Core.Events;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Appends events to the topic inside the transaction of another store, the catalog's.</summary>
internal interface IEventAppender
{
    /// <summary>Appends events and wakes the subscribers after the commit.</summary>
    void Append(WriteScope scope, IReadOnlyList<ImageEvent> events);
}
