using ImageAspire.Core.Errors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>Says that the topic cannot be used: once for all of a process's subscriptions, now and then while it lasts, and when it is over.</summary>
internal sealed partial class TopicTrouble(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private long _began; // 0 for all is well
    private long _told;

    /// <summary>An error of the store; its reason is told. Anything else is nobody's to explain, and comes with all that is known.</summary>
    public void Tell(Exception error)
    {
        if (error is not StoreUnavailableException)
        {
            LogUnexpected(logger, error);
            return;
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_began != 0 && time.GetElapsedTime(_told, now) < Pause)
                return;
            _began = _began == 0 ? now : _began;
            _told = now;
        }

        LogAway(logger, error.Message);
    }

    /// <summary>A write has succeeded.</summary>
    public void Over()
    {
        TimeSpan lasted;
        lock (_lock)
        {
            if (_began == 0)
                return;
            lasted = time.GetElapsedTime(_began);
            _began = 0;
        }

        LogBack(logger, lasted.TotalSeconds);
    }

    [LoggerMessage(LogLevel.Error, "Messages wait, and are tried again every second: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Messages go on; they have waited for {Seconds:0} s.")]
    private static partial void LogBack(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Error, "The topic failed; it is tried again in a second.")]
    private static partial void LogUnexpected(ILogger logger, Exception error);
}
