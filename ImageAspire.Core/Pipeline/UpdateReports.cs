using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>Every event → the reporting store.</summary>
public sealed class UpdateReports(IReportStore reports) : IStage
{
    /// <inheritdoc />
    public string Name => nameof(UpdateReports);

    /// <inheritdoc />
    public string Subscription => "update-reports";

    /// <inheritdoc />
    public IReadOnlyList<string>? WakesOn => null;

    /// <inheritdoc />
    public Task RunAsync(ImageEvent e, CancellationToken cancellationToken) => reports.ApplyAsync(e, cancellationToken);

    /// <inheritdoc />
    public Task GiveUpAsync(ImageEvent e, ImageFailure why, CancellationToken cancellationToken) => Task.CompletedTask; // the dead letter tells
}
