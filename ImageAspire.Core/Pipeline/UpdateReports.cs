using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>Every event → the reporting store.</summary>
public sealed class UpdateReports(IReportStore reports) : IStage
{
    /// <inheritdoc />
    public Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken) => reports.ApplyAsync(e, cancellationToken);
}
