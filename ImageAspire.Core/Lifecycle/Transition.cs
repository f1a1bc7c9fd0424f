using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Core.Lifecycle;

/// <summary>A step in the life of an image: the record before and after it, and the event that announces it.</summary>
/// <param name="Before">The record before; null for a new image.</param>
/// <param name="After">The record after; null when it was deleted.</param>
/// <param name="Event">The event to publish in the same atomic write.</param>
public sealed record Transition(ImageRecord? Before, ImageRecord? After, ImageEvent Event)
{
    /// <summary>One more event, of a step that is two things to subscribers, such as an edit that also archives. Null for most.</summary>
    public ImageEvent? SecondEvent { get; init; }

    /// <summary>Vectors of the image, stored in the same atomic write in place of its earlier ones of the same kinds. Null or empty leaves those.</summary>
    public IReadOnlyList<ImageVector>? Vectors { get; init; }

    /// <summary>Its events, one or two, in the order in which they are published.</summary>
    public IReadOnlyList<ImageEvent> Events => SecondEvent is null ? [Event] : [Event, SecondEvent];
}
