namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Gives the chunks of resumable uploads their places among all uploads.</summary>
internal sealed class UploadTurns(UploadGate gate, TimeProvider time)
{
    /// <summary>A place for a key; null when too many wait already.</summary>
    public async Task<UploadTurn?> BeginAsync(string key, CancellationToken cancellationToken) =>
        await gate.EnterAsync(key, cancellationToken) is { } place ? new UploadTurn(gate, key, place, time) : null;
}

/// <summary>
/// A place that is shared: while others wait, it is given up after a second and waited for anew, behind them. So chunks that take long,
/// however many there are, keep nobody from uploading.
/// </summary>
internal sealed class UploadTurn(UploadGate gate, string key, IDisposable place, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Share = TimeSpan.FromSeconds(1);
    private IDisposable? _place = place;
    private long _since = time.GetTimestamp();

    /// <summary>Lets others in when it is their time; false when there is no place to come back to.</summary>
    public async ValueTask<bool> ShareAsync(CancellationToken cancellationToken)
    {
        if (!gate.IsAwaited || time.GetElapsedTime(_since) < Share)
            return true;
        Dispose();
        _place = await gate.EnterAsync(key, cancellationToken);
        _since = time.GetTimestamp();
        return _place is not null;
    }

    public void Dispose()
    {
        _place?.Dispose();
        _place = null;
    }
}
