using System.Net;

namespace ImageAspire.Api.Access;

/// <summary>When and from where a key is used. Recorded with every request, so in memory only; <see cref="ApiKeyCacheRefresher"/> stores it once a minute.</summary>
internal sealed class ApiKeyUsage
{
    private const int MaxAddresses = 32;
    private readonly Lock _lock = new();
    private IPAddress[] _addresses = [];
    private long _lastTicks;

    /// <summary>Last use in this process, UTC.</summary>
    public DateTimeOffset? LastAt => Interlocked.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether it was used successfully from this address: one of the last 32 addresses.</summary>
    public bool IsKnownFrom(IPAddress address) => Array.IndexOf(_addresses, address) >= 0;

    /// <summary>Records a use.</summary>
    public void Record(IPAddress address, DateTimeOffset now)
    {
        Interlocked.Exchange(ref _lastTicks, now.UtcTicks);
        if (IsKnownFrom(address))
            return;
        lock (_lock)
        {
            var kept = _addresses.Length < MaxAddresses ? _addresses : _addresses[1..];
            _addresses = [.. kept, address]; // copy on write: readers take no lock
        }
    }
}
