using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>Every event → the append-only audit log.</summary>
public sealed class RecordAudit(IAuditLog log) : IStage
{
    /// <inheritdoc />
    public Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken) => log.AppendAsync(e, cancellationToken);
}
