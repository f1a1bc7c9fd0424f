namespace ImageAspire.AppHost.Embedded;

/// <summary>How the whole comes to its end.</summary>
/// <param name="Stopping">Everything is to stop, with time for the work in flight.</param>
/// <param name="Now">No more patience.</param>
internal sealed record Ending(CancellationToken Stopping, CancellationToken Now);
