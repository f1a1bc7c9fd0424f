using System.Diagnostics.Metrics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker.Scrub;

/// <summary>Keeps the findings up to date: adds new ones, and looks at open ones again, because a file can be restored from outside.</summary>
internal sealed partial class ScrubRegister : IDisposable
{
    private static readonly TimeSpan RefreshAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(5);
    private readonly IScrubFindingStore _store;
    private readonly IImageCatalog _catalog;
    private readonly OriginalExaminer _examiner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = new(Telemetry.Name);
    private ScrubFindings? _open; // at most ScrubFindings.MaxListed
    private Queue<ScrubFinding> _next = new();
    private long? _refreshedAt;

    public ScrubRegister(IScrubFindingStore store, IImageCatalog catalog, OriginalExaminer examiner, TimeProvider time, ILogger<ScrubRegister> logger)
    {
        (_store, _catalog, _examiner, _time, _logger) = (store, catalog, examiner, time, logger);
        _meter.CreateObservableGauge(Telemetry.ScrubDamaged, Observe, "{image}", "Originals that are damaged in the blob store.");
    }

    /// <summary>Stores a finding.</summary>
    public async Task AddAsync(ImageRecord record, string damage, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (!await _store.AddAsync(new ScrubFinding(record.Id, record.Name, record.Sha256, damage, now, now), cancellationToken))
            return;
        LogDamaged(_logger, record.Id, damage, record.Sha256);
        _refreshedAt = null;
    }

    /// <summary>Looks at the original again whose finding was seen longest ago; false when none is due.</summary>
    public async Task<bool> LookAgainAsync(CancellationToken cancellationToken)
    {
        if (_refreshedAt is not { } at || _time.GetElapsedTime(at) >= RefreshAfter)
            await RefreshAsync(cancellationToken);
        if (!_next.TryPeek(out var finding) || (_time.GetUtcNow() - finding.SeenAt).Duration() < LookAgainAfter)
            return false;
        var record = await _catalog.GetWithTrashAsync(finding.ImageId, cancellationToken);
        if (record is not null && await _examiner.ExamineAsync(record, cancellationToken) is { } damage)
            await _store.UpdateAsync(finding with { Name = record.Name, Damage = damage, SeenAt = _time.GetUtcNow() }, cancellationToken);
        else
            await _store.RemoveAsync(finding.ImageId, cancellationToken);
        _next.Dequeue();
        return true;
    }

    /// <summary>Forgets what was known: another process looks after the findings now.</summary>
    public void Forget() => (_open, _next, _refreshedAt) = (null, new(), null);

    public void Dispose() => _meter.Dispose();

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var (before, now) = (_open, await _store.ListAsync(ScrubFindings.MaxListed, cancellationToken));
        (_open, _next, _refreshedAt) = (now, new(now.Items), _time.GetTimestamp());
        if (before is null || now.Total > now.Items.Count)
            return;
        foreach (var gone in before.Items.ExceptBy(now.Items.Select(one => one.ImageId), one => one.ImageId))
        {
            if (await _catalog.GetWithTrashAsync(gone.ImageId, cancellationToken) is { } record && !OriginalDamage.IsOnRecord(record))
                LogRestored(_logger, gone.ImageId);
        }
    }

    private IEnumerable<Measurement<long>> Observe() => _open is { } open ? [new Measurement<long>(open.Total)] : [];

    [LoggerMessage(LogLevel.Error, "The original of image {ImageId} is damaged in the blob store ({Damage}). Upload the same file again (SHA-256 {Sha256}), or copy it from a backup (docs/operations.md).")]
    private static partial void LogDamaged(ILogger logger, Guid imageId, string damage, string sha256);

    [LoggerMessage(LogLevel.Information, "The original of image {ImageId} is as it was uploaded again.")]
    private static partial void LogRestored(ILogger logger, Guid imageId);
}
