using ImageAspire.Core.Events;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Events;

/// <summary>Appends events to the topic inside a transaction that somebody else (the catalog) has open.</summary>
internal interface IEventAppender
{
    /// <summary>Appends events and wakes the subscribers after the commit.</summary>
    void Append(WriteScope scope, IReadOnlyList<ImageEvent> events);
}
