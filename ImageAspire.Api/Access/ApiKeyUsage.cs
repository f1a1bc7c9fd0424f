namespace ImageAspire.Api.Access;

/// <summary>When a key is used. Recorded with every request, so in memory only; <see cref="ApiKeyCacheRefresher"/> stores it once a minute.</summary>
internal sealed class ApiKeyUsage
{
    private long _lastTicks;

    /// <summary>Last use in this process, UTC.</summary>
    public DateTimeOffset? LastAt => Interlocked.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Records a use.</summary>
    public void Record(DateTimeOffset now) => Interlocked.Exchange(ref _lastTicks, now.UtcTicks);
}
