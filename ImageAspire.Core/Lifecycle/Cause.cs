using System.Diagnostics;

namespace ImageAspire.Core.Lifecycle;

/// <summary>Who changes a record, when, and in which trace.</summary>
/// <param name="Actor">Name of an API key or of a stage.</param>
/// <param name="At">Now, UTC.</param>
/// <param name="TraceParent">W3C trace context of the cause; null outside a trace.</param>
/// <param name="KeyId">Id of the API key; null for a stage.</param>
public sealed record Cause(string Actor, DateTimeOffset At, string? TraceParent = null, Guid? KeyId = null)
{
    /// <summary>The cause of a change made now, in the current span. The time is cut to the millisecond, as JSON writes it.</summary>
    public static Cause Now(string actor, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        return new Cause(actor, new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero), Activity.Current?.Id);
    }
}
