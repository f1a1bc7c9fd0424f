using System.Net;

namespace ImageAspire.Api.Access;

/// <summary>When and from where a key is used. Noted on the path of every request, so in memory only; somebody else writes it down now and then.</summary>
internal sealed class KeyUse
{
    private const int MaxAddresses = 32;
    private readonly Lock _lock = new();
    private IPAddress[] _addresses = [];
    private long _lastTicks;

    /// <summary>When it was used last in this process, UTC.</summary>
    public DateTimeOffset? LastAt => Interlocked.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether it was right from this address lately: one of the last 32 addresses.</summary>
    public bool IsKnownFrom(IPAddress address) => Array.IndexOf(_addresses, address) >= 0;

    /// <summary>Notes a use.</summary>
    public void Note(IPAddress address, DateTimeOffset now)
    {
        Interlocked.Exchange(ref _lastTicks, now.UtcTicks);
        if (IsKnownFrom(address))
            return;
        lock (_lock)
        {
            var kept = _addresses.Length < MaxAddresses ? _addresses : _addresses[1..];
            _addresses = [.. kept, address]; // copied: readers take no lock
        }
    }
}
