using System.Collections.Concurrent;
using ImageAspire.Core.Heartbeats;
using ImageAspire.ServiceDefaults.Heartbeats;

namespace ImageAspire.Worker;

/// <summary>What this process put off, by stage, and why: part of its heartbeats. Memory: one entry for each stage.</summary>
internal sealed class StageRetryLog(TimeProvider time) : IHeartbeatPart
{
    private readonly ConcurrentDictionary<string, StageRetry> _retries = new(StringComparer.Ordinal);

    /// <summary>A message of a stage is delivered again later.</summary>
    /// <param name="subscription">The stage's subscription.</param>
    /// <param name="delay">How much later.</param>
    /// <param name="reason">Why, for people.</param>
    public void Add(string subscription, TimeSpan delay, string reason)
    {
        var due = time.GetUtcNow() + delay;
        _retries.AddOrUpdate(subscription, new StageRetry(subscription, due, reason),
            (_, before) => new StageRetry(subscription, due > before.Until ? due : before.Until, reason));
    }

    public Heartbeat AddTo(Heartbeat heartbeat) => heartbeat with { Retries = [.. _retries.Values.Where(one => one.Until > heartbeat.At)] };
}
