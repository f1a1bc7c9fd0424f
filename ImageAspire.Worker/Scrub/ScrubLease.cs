using ImageAspire.Core.Ports;

namespace ImageAspire.Worker.Scrub;

/// <summary>
/// The right to run the scrub, which one of all Workers has, with its progress. The progress is stored with each renewal of the lease; when the
/// process dies, another one continues there after the lease has run out, and reads what came since once more.
/// </summary>
internal sealed class ScrubLease(IScrubProgressStore store, TimeProvider time)
{
    /// <summary>How long a lease lasts without a renewal.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(30);
    private ScrubProgress? _held;
    private long _savedAt;

    /// <summary>Whether this process had the lease at its last renewal.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>How far the scrub is.</summary>
    public ScrubProgress Progress => _held ?? throw new InvalidOperationException("This process does not have the lease.");

    /// <summary>Takes the lease, or keeps it; false while another process has it.</summary>
    public async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        if (IsHeld)
        {
            await KeepAsync(cancellationToken);
            return IsHeld;
        }

        var stored = await store.ReadAsync(cancellationToken) ?? new ScrubProgress { Version = 0 };
        var left = stored.LeaseUntil - time.GetUtcNow();
        // More than a lease lasts: the clock was set back.
        if (left > TimeSpan.Zero && left <= Duration)
            return false;
        await SaveAsync(stored, cancellationToken);
        return IsHeld;
    }

    /// <summary>Changes the progress; stored with the next renewal.</summary>
    public void Advance(Func<ScrubProgress, ScrubProgress> change) => _held = change(Progress);

    /// <summary>Renews the lease when it is time to.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_held is not null && time.GetElapsedTime(_savedAt) >= RenewAfter)
            await SaveAsync(_held, cancellationToken);
    }

    /// <summary>Stores the progress now.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) => SaveAsync(Progress, cancellationToken);

    /// <summary>Stores the progress and gives the lease to whoever comes next.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_held is { } held)
            await store.SaveAsync(held with { Version = held.Version + 1, LeaseUntil = null }, cancellationToken);
        _held = null;
    }

    private async Task SaveAsync(ScrubProgress progress, CancellationToken cancellationToken)
    {
        var next = progress with { Version = progress.Version + 1, LeaseUntil = time.GetUtcNow() + Duration };
        _held = await store.SaveAsync(next, cancellationToken) ? next : null;
        _savedAt = time.GetTimestamp();
    }
}
