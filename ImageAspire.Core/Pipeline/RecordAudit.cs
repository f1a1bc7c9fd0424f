using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>Every event → the append-only audit log.</summary>
public sealed class RecordAudit(IAuditLog log) : IStage
{
    /// <inheritdoc />
    public string Name => nameof(RecordAudit);

    /// <inheritdoc />
    public string Subscription => "record-audit";

    /// <inheritdoc />
    public IReadOnlyList<string>? WakesOn => null;

    /// <inheritdoc />
    public Task RunAsync(ImageEvent e, CancellationToken cancellationToken) => log.AppendAsync(e, cancellationToken);

    /// <inheritdoc />
    public Task GiveUpAsync(ImageEvent e, ImageFailure why, CancellationToken cancellationToken) => Task.CompletedTask; // the dead letter tells
}
