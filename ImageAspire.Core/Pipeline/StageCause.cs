using System.Diagnostics;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Pipeline;

/// <summary>Who, when, and in which trace.</summary>
public static class StageCause
{
    /// <summary>The cause of a change made now, in the current span. Times are cut to the millisecond, as JSON writes them.</summary>
    public static Cause Now(string actor, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new Cause(actor, new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero), Activity.Current?.Id);
    }
}
