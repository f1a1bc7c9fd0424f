using ImageAspire.Core.Events;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;

namespace ImageAspire.Tests.Embedded;

/// <summary>For tests of stores that have nothing to do with events.</summary>
internal sealed class NoEvents : IEventAppender
{
    public void Append(WriteScope scope, IReadOnlyList<ImageEvent> events)
    {
    }
}
