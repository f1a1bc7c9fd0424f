using System.Net;

namespace ImageAspire.Api.Access;

/// <summary>
/// Limits what an address may do without a valid key: a rate, and a lock-out after too many wrong keys. Valid keys are not
/// affected. Bounded; when it is full, the least active addresses are removed.
/// </summary>
internal sealed class AnonymousCallLimiter(AccessOptions options, TimeProvider time)
{
    /// <summary>Most addresses that are tracked.</summary>
    public const int MaxAddresses = 10_000;

    private const int Removed = 1_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Entry> _entries = [];
    private readonly long _began = time.GetTimestamp();
    private int _locked;

    /// <summary>How many addresses are tracked.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>Whether the address is locked out.</summary>
    /// <param name="address">The address.</param>
    /// <param name="seconds">Seconds until the lock-out ends.</param>
    public bool IsLockedOut(IPAddress address, out int seconds)
    {
        seconds = 0;
        if (Volatile.Read(ref _locked) == 0)
            return false; // the common case takes no lock
        lock (_lock)
        {
            if (!_entries.TryGetValue(address, out var entry) || entry.LockedUntil is not { } until)
                return false;
            var left = until - Now();
            if (left > TimeSpan.Zero)
            {
                seconds = Math.Max(1, (int)Math.Ceiling(left.TotalSeconds));
                return true;
            }

            Unlock(entry);
            return false;
        }
    }

    /// <summary>Counts a wrong key; true when this one locks the address out.</summary>
    public bool RecordWrongKey(IPAddress address)
    {
        if (options.WrongKeys == 0)
            return false;
        lock (_lock)
        {
            var (entry, now) = (EntryOf(address), Now());
            if (now - entry.FirstWrongAt >= options.WrongKeysWithin)
                (entry.Wrong, entry.FirstWrongAt) = (0, now);
            if (++entry.Wrong < options.WrongKeys || entry.LockedUntil is not null)
                return false;
            entry.LockedUntil = now + options.LockOutTime;
            Interlocked.Increment(ref _locked);
            return true;
        }
    }

    /// <summary>Whether the address may send one more call without a valid key.</summary>
    /// <param name="address">The address.</param>
    /// <param name="seconds">If not: seconds until it may.</param>
    public bool TryAcquire(IPAddress address, out int seconds)
    {
        seconds = 0;
        if (options.AnonymousRequestsPerSecond == 0)
            return true;
        lock (_lock)
            return EntryOf(address).Bucket.TryTake(out seconds);
    }

    private Entry EntryOf(IPAddress address)
    {
        if (_entries.TryGetValue(address, out var entry))
            return entry;
        if (_entries.Count >= MaxAddresses)
            RemoveLeastActive();
        entry = new Entry(new TokenBucket(Math.Max(1, options.AnonymousRequestsPerSecond), options.AnonymousBurst, time), Now());
        _entries.Add(address, entry);
        return entry;
    }

    private void RemoveLeastActive()
    {
        var now = Now();
        var leastFirst = _entries.OrderBy(one => one.Value.LockedUntil > now).ThenBy(one => now - one.Value.FirstWrongAt < options.WrongKeysWithin ? one.Value.Wrong : 0)
            .ThenByDescending(one => one.Value.Bucket.IsFull);
        foreach (var (address, entry) in leastFirst.Take(Removed).ToList())
        {
            Unlock(entry);
            _entries.Remove(address);
        }
    }

    // Monotonic: setting the clock back must not prolong a lock-out, and setting it forward must not end it.
    private TimeSpan Now() => time.GetElapsedTime(_began);

    private void Unlock(Entry entry)
    {
        if (entry.LockedUntil is not null)
            Interlocked.Decrement(ref _locked);
        (entry.LockedUntil, entry.Wrong) = (null, 0);
    }

    private sealed class Entry(TokenBucket bucket, TimeSpan now)
    {
        public TokenBucket Bucket => bucket;

        public int Wrong { get; set; }

        public TimeSpan FirstWrongAt { get; set; } = now;

        public TimeSpan? LockedUntil { get; set; }
    }
}
